//! A JSON value as Python sees it.

/// A JSON value that keeps what other people's programs tell apart: a whole number is not the
/// same as a float, `NaN` and `Infinity` exist, a key may be written twice.
#[derive(Clone, Debug)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number without fraction and exponent, as the nearest double; infinite where a double
    /// cannot hold it.
    Integer(f64),
    /// Any other number, `NaN`, `Infinity` and `-Infinity` among them.
    Float(f64),
    /// A string; lone surrogates are replaced by U+FFFD.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object, with its keys in the order of the text.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Returns the member `key` of an object, or nothing for every other value. Of a key that is
    /// written twice the last one counts.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        members
            .iter()
            .rev()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// Returns the number, if this is one; booleans are not.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(value) | Self::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns what Python takes for a number: booleans count as 1 and 0.
    pub fn python_number(&self) -> Option<f64> {
        match self {
            Self::Bool(value) => Some(f64::from(u8::from(*value))),
            other => other.number(),
        }
    }

    /// Returns the text of a string.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// Returns the items of a list.
    pub fn list(&self) -> Option<&[Self]> {
        if let Self::List(items) = self {
            Some(items)
        } else {
            None
        }
    }

    /// Returns the members of an object, duplicates included.
    pub fn members(&self) -> Option<&[(String, Self)]> {
        if let Self::Object(members) = self {
            Some(members)
        } else {
            None
        }
    }

    /// Returns the name of the type of the value in Python.
    pub const fn python_type(&self) -> &'static str {
        match self {
            Self::Null => "NoneType",
            Self::Bool(_) => "bool",
            Self::Integer(_) => "int",
            Self::Float(_) => "float",
            Self::Text(_) => "str",
            Self::List(_) => "list",
            Self::Object(_) => "dict",
        }
    }

    /// Returns whether two values say the same: numbers by value (`1` is `1.0`, `NaN` is `NaN`),
    /// objects without regard to the order of their keys.
    pub fn same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::List(a), Self::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same_as(b))
            }
            (Self::Object(a), Self::Object(b)) => {
                let mut keys = a.iter().chain(b).map(|(key, _)| key);
                keys.all(|key| match (self.get(key), other.get(key)) {
                    (Some(a), Some(b)) => a.same_as(b),
                    _ => false,
                })
            }
            _ => match (self.number(), other.number()) {
                (Some(a), Some(b)) => a == b || (a.is_nan() && b.is_nan()),
                _ => false,
            },
        }
    }
}
