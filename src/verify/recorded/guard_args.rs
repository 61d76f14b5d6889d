//! The command line of the guard's script, as Python's `argparse` reads it.

use scenarios::adapter::python_number;

use crate::decide::guard::{GuardOptions, Profile, engine_word, flag_word};

/// The exit code where the script refuses a value.
const REFUSED: u8 = 1;
/// The exit code where `argparse` refuses the command line.
const USAGE: u8 = 2;

/// The options that take a value; the last three came with the later script.
const VALUED: [&str; 15] = [
    "--summary",
    "--metrics-gates",
    "--engine",
    "--adaptive-enabled",
    "--batch-enabled",
    "--max-p95-ms",
    "--max-p99-ms",
    "--source-unavailable-rate",
    "--max-source-unavailable-rate",
    "--output-json",
    "--output-md",
    "--output-env",
    "--rlm-default-enabled",
    "--auto-fallback-enabled",
    "--baseline-shadow-percent",
];
const LATER: usize = 3;
const FLAGS: [&str; 3] = ["--github-annotations", "--fail-on-fallback", "--help"];

/// Reads the command line and the environment, or returns the code with which the script exits.
pub(super) fn parse(
    profile: Profile,
    args: &[String],
    env: impl Fn(&str) -> Option<String>,
) -> Result<GuardOptions, u8> {
    // The defaults are read while the parser is built, before any argument.
    let mut options = defaults(&env)?;
    let mut words = CommandWords::default();
    let known = if profile == Profile::Later4Step {
        &VALUED[..]
    } else {
        &VALUED[..VALUED.len() - LATER]
    };
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let (option, given) = named(arg, known)?;
        match option {
            "--help" => return Err(0),
            "--fail-on-fallback" => options.fail_on_fallback = true,
            "--github-annotations" => {}
            _ => {
                let value =
                    given.or_else(|| rest.next().cloned().filter(|next| is_value(next, known)));
                set(&mut options, &mut words, option, value.ok_or(USAGE)?)?;
            }
        }
    }
    words.apply(&mut options)?;
    Ok(options)
}

fn defaults(env: impl Fn(&str) -> Option<String>) -> Result<GuardOptions, u8> {
    let of = |name: &str| float_env(env(name).as_deref());
    Ok(GuardOptions {
        max_p95_ms: of("PECR_CANARY_P95_BUDGET_MS")?,
        max_p99_ms: of("PECR_CANARY_P99_BUDGET_MS")?,
        max_source_unavailable_rate: of("PECR_CANARY_SOURCE_UNAVAILABLE_MAX_RATE")?,
        ..GuardOptions::default()
    })
}

fn float_env(raw: Option<&str>) -> Result<Option<f64>, u8> {
    match raw.map(python_number::strip) {
        None | Some("") => Ok(None),
        Some(raw) => python_number::float(raw).map(Some).ok_or(REFUSED),
    }
}

/// Returns the option that an argument names, in full or by a prefix that fits no other, and the
/// value after an equals sign.
fn named(arg: &str, known: &[&'static str]) -> Result<(&'static str, Option<String>), u8> {
    if arg == "-h" {
        return Ok(("--help", None));
    }
    let (name, value) = match arg.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (arg, None),
    };
    let all = || known.iter().chain(&FLAGS).copied();
    let fitting: Vec<_> = all()
        .filter(|option| name.len() > 2 && option.starts_with(name))
        .collect();
    let option = match (all().find(|option| *option == name), fitting.as_slice()) {
        (Some(exact), _) => exact,
        (None, [only]) => *only,
        _ => return Err(USAGE),
    };
    if value.is_some() && FLAGS.contains(&option) {
        Err(USAGE)
    } else {
        Ok((option, value))
    }
}

/// Whether an argument is a value and no option: `argparse` takes what begins with a hyphen for an
/// option unless it is a hyphen alone, a plain negative number or holds a space.
fn is_value(arg: &str, known: &[&'static str]) -> bool {
    !arg.starts_with('-')
        || arg == "-"
        || (named(arg, known).is_err() && (is_negative_number(arg) || arg.contains(' ')))
}

fn is_negative_number(arg: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number = arg.strip_prefix('-').unwrap_or(arg);
    match number.split_once('.') {
        Some((whole, fraction)) => (whole.is_empty() || digits(whole)) && digits(fraction),
        None => digits(number),
    }
}

/// Words that the script looks at only after it has read its files.
#[derive(Default)]
struct CommandWords {
    adaptive: Option<String>,
    batch: Option<String>,
    rlm_default: Option<String>,
    auto_fallback: Option<String>,
}

impl CommandWords {
    fn apply(&self, options: &mut GuardOptions) -> Result<(), u8> {
        let flag = |word: &Option<String>, flag: &mut bool| match word {
            None => Ok(()),
            Some(word) => flag_word(word).map(|value| *flag = value).ok_or(REFUSED),
        };
        flag(&self.adaptive, &mut options.adaptive)?;
        flag(&self.batch, &mut options.batch)?;
        flag(&self.rlm_default, &mut options.rlm_default)?;
        flag(&self.auto_fallback, &mut options.auto_fallback)?;
        let percent = options.baseline_shadow_percent;
        if (0..=100).contains(&percent) {
            Ok(())
        } else {
            Err(REFUSED)
        }
    }
}

fn set(
    options: &mut GuardOptions,
    words: &mut CommandWords,
    option: &str,
    value: String,
) -> Result<(), u8> {
    let float = || python_number::float(&value).map(Some).ok_or(USAGE);
    match option {
        "--engine" => options.engine = engine_word(&value),
        "--adaptive-enabled" => words.adaptive = Some(value),
        "--batch-enabled" => words.batch = Some(value),
        "--rlm-default-enabled" => words.rlm_default = Some(value),
        "--auto-fallback-enabled" => words.auto_fallback = Some(value),
        "--max-p95-ms" => options.max_p95_ms = float()?,
        "--max-p99-ms" => options.max_p99_ms = float()?,
        "--source-unavailable-rate" => options.source_unavailable_rate = float()?,
        "--max-source-unavailable-rate" => options.max_source_unavailable_rate = float()?,
        "--baseline-shadow-percent" => {
            options.baseline_shadow_percent = python_number::int(&value).ok_or(USAGE)?;
        }
        // Files are named by the row itself.
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(profile: Profile, args: &[&str], env: Option<(&str, &str)>, expect: Result<&str, u8>) {
        let args: Vec<String> = args.iter().map(ToString::to_string).collect();
        let env = |name: &str| {
            env.filter(|(known, _)| *known == name)
                .map(|(_, value)| value.to_owned())
        };
        let found = parse(profile, &args, env).map(|o| {
            format!(
                "{} {} {:?} {:?}",
                o.engine, o.adaptive, o.max_p95_ms, o.source_unavailable_rate
            )
        });
        assert_eq!(found.as_deref().map_err(|code| *code), expect, "{args:?}");
    }

    #[test]
    fn arguments_are_read_as_argparse_reads_them() {
        let contract = Profile::AsImplemented;
        check(contract, &[], None, Ok("rlm true None None"));
        check(
            contract,
            &["--engine", " RLM "],
            None,
            Ok("rlm true None None"),
        );
        check(
            contract,
            &["--engine="],
            None,
            Ok("baseline true None None"),
        );
        check(
            contract,
            &["--eng", "x", "--ad", "OFF"],
            None,
            Ok("x false None None"),
        );
        check(
            contract,
            &["--source-unavailable-rate", "-0.1"],
            None,
            Ok("rlm true None Some(-0.1)"),
        );
        check(
            contract,
            &["--source-unavailable-rate", "-1e-3"],
            None,
            Err(USAGE),
        );
        check(
            contract,
            &["--source-unavailable-rate=-1e-3"],
            None,
            Ok("rlm true None Some(-0.001)"),
        );
        check(contract, &["--max-p95-ms", "abc"], None, Err(USAGE));
        check(contract, &["--max", "1"], None, Err(USAGE));
        check(contract, &["--max-p95-ms"], None, Err(USAGE));
        check(contract, &["--fail-on-fallback=1"], None, Err(USAGE));
        check(contract, &["stray"], None, Err(USAGE));
        check(
            contract,
            &["--adaptive-enabled", "maybe"],
            None,
            Err(REFUSED),
        );
        check(contract, &["-h"], None, Err(0));
    }

    #[test]
    fn the_later_script_knows_three_options_more() {
        let args = ["--baseline-shadow-percent", "101"];
        check(Profile::AsImplemented, &args, None, Err(USAGE));
        check(Profile::Later4Step, &args, None, Err(REFUSED));
        check(
            Profile::Later4Step,
            &["--baseline-shadow-percent", "1.5"],
            None,
            Err(USAGE),
        );
        check(
            Profile::Later4Step,
            &["--baseline-shadow-percent", "100"],
            None,
            Ok("rlm true None None"),
        );
    }

    #[test]
    fn the_environment_is_read_before_the_arguments() {
        let name = "PECR_CANARY_P95_BUDGET_MS";
        check(
            Profile::AsImplemented,
            &[],
            Some((name, " 299 ")),
            Ok("rlm true Some(299.0) None"),
        );
        check(
            Profile::AsImplemented,
            &[],
            Some((name, "  ")),
            Ok("rlm true None None"),
        );
        check(
            Profile::AsImplemented,
            &["--bogus"],
            Some((name, "abc")),
            Err(REFUSED),
        );
    }
}
