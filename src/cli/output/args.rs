//! What is written, and where.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum as _};

use super::format::Format;

/// What is written, and where.
#[derive(Args, Clone, Debug)]
pub struct OutputArgs {
    /// The form of the answer on stdout
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// Also write the result to a file, whole or not at all; may be repeated
    #[arg(long, value_name = "FORMAT=PATH")]
    pub out: Vec<Target>,
}

impl OutputArgs {
    /// Returns the path of the first file that is asked for in `format`.
    pub fn path(&self, format: Format) -> Option<String> {
        let target = self.out.iter().find(|target| target.format == format)?;
        Some(target.path.display().to_string())
    }
}

/// One file that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The form.
    pub format: Format,
    /// The path.
    pub path: PathBuf,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (word, path) = text
            .split_once('=')
            .ok_or("say FORMAT=PATH, such as json=result.json")?;
        let format = Format::from_str(word, false).map_err(|_| {
            let words: Vec<_> = Format::value_variants()
                .iter()
                .map(|form| form.word())
                .collect();
            format!(
                "there is no format `{word}`; there are {}",
                words.join(", ")
            )
        })?;
        if path.is_empty() {
            return Err("the path after `=` is empty".to_owned());
        }
        Ok(Self {
            format,
            path: path.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_names_its_format_and_its_path() {
        let target: Target = "json=a=b.json".parse().expect("well formed");
        assert_eq!(
            target,
            Target {
                format: Format::Json,
                path: "a=b.json".into()
            }
        );
        for broken in ["result.json", "jsn=x", "json="] {
            assert!(broken.parse::<Target>().is_err(), "{broken}");
        }
    }
}
