//! An artifact in each of its forms.

use crate::cli::output::Format;

/// An artifact in each of its forms.
pub struct Artifact(pub Vec<(Format, String)>);

impl Artifact {
    /// Returns the artifact in this form.
    ///
    /// # Panics
    ///
    /// Where it has no such form.
    pub fn form(&self, wanted: Format) -> String {
        let forms = self.0.iter();
        let form = forms.clone().find(|(format, _)| *format == wanted);
        form.map(|(_, text)| text.clone())
            .expect("a form that is not offered is refused before")
    }
}
