//! The drawing backend under plotters: SVG elements with classes, on a grid of tenths of a pixel.

use std::convert::Infallible;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontTransform,
};

use super::ink::Ink;
use crate::common::label::xml;

/// Plotters draws on whole units; so many of them are one pixel, so that lines do not staircase.
pub const FINE: i32 = 10;

/// Appends the elements of one drawing to a text.
#[derive(Debug)]
pub struct SvgBackend<'a> {
    out: &'a mut String,
    size: (u32, u32),
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl<'a> SvgBackend<'a> {
    /// Draws `width` by `height` pixels into `out`.
    pub const fn new(out: &'a mut String, (width, height): (u32, u32)) -> Self {
        let size = (width * FINE as u32, height * FINE as u32);
        Self { out, size }
    }

    fn path(&mut self, points: impl IntoIterator<Item = BackendCoord>, close: &str, class: &str) {
        let mut d = String::new();
        let mut last = None;
        for at in points {
            if last != Some(at) {
                d += if last.is_none() { "M" } else { " " };
                d += &format!("{} {}", fine(at.0), fine(at.1));
                last = Some(at);
            }
        }
        *self.out += &format!("<path class=\"{class}\" d=\"{d}{close}\"/>");
    }
}

/// Returns fine units as pixels: `-123` is `-12.3`.
pub fn fine(units: i32) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let (whole, tenth) = (units.abs() / FINE, units.abs() % FINE);
    match tenth {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{tenth}"),
    }
}

fn class_of(color: BackendColor) -> String {
    Ink::class_of(color.rgb)
}

impl DrawingBackend for SvgBackend<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    /// A single point is nothing that a chart of ours draws.
    fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Drawn {
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        self.path([from, to], "", &class_of(style.color()));
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        _: bool,
    ) -> Drawn {
        *self.out += &format!(
            "<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            class_of(style.color()),
            fine(left),
            fine(top),
            fine(right - left),
            fine(bottom - top),
        );
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.path(path, "", &class_of(style.color()));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        _: bool,
    ) -> Drawn {
        let (class, r) = (class_of(style.color()), fine(radius as i32));
        let (x, y) = (fine(x), fine(y));
        *self.out += &format!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>");
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vertices: I,
        style: &S,
    ) -> Drawn {
        self.path(vertices, "Z", &class_of(style.color()));
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &T,
        (x, y): BackendCoord,
    ) -> Drawn {
        let (x, y) = (fine(x), fine(y));
        let anchor = match style.anchor().h_pos {
            HPos::Left => "",
            HPos::Center => " text-anchor=\"middle\"",
            HPos::Right => " text-anchor=\"end\"",
        };
        let dy = match style.anchor().v_pos {
            VPos::Top => " dy=\".76em\"",
            VPos::Center => " dy=\".35em\"",
            VPos::Bottom => "",
        };
        let turn = match style.transform() {
            FontTransform::None => String::new(),
            FontTransform::Rotate90 => format!(" transform=\"rotate(90 {x} {y})\""),
            FontTransform::Rotate180 => format!(" transform=\"rotate(180 {x} {y})\""),
            FontTransform::Rotate270 => format!(" transform=\"rotate(270 {x} {y})\""),
        };
        let (class, text) = (class_of(style.color()), xml(text));
        *self.out +=
            &format!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\"{dy}{anchor}{turn}>{text}</text>");
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let em = style.size();
        Ok(((text.chars().count() as f64 * em * 0.56) as u32, em as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fine_units_are_written_as_short_as_can_be() {
        for (units, expect) in [
            (0, "0"),
            (5, "0.5"),
            (-5, "-0.5"),
            (120, "12"),
            (-123, "-12.3"),
        ] {
            assert_eq!(fine(units), expect);
        }
    }
}
