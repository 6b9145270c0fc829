//! Values with names that shells can offer, whatever other forms they have.

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use std::ffi::OsStr;
use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;

/// Reads a value from its text; the names are offered.
#[derive(Clone)]
pub(crate) struct Named<T> {
    names: &'static [&'static str],
    value: PhantomData<fn() -> T>,
}

impl<T> Named<T> {
    pub(crate) fn new(names: &'static [&'static str]) -> Self {
        Self {
            names,
            value: PhantomData,
        }
    }
}

impl<T> TypedValueParser for Named<T>
where
    T: FromStr + Clone + Send + Sync + 'static,
    T::Err: Display,
{
    type Value = T;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<T, clap::Error> {
        let parse = |text: String| text.parse::<T>().map_err(|error| error.to_string());
        let parser = StringValueParser::new().try_map(parse);
        parser.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.names.iter().map(PossibleValue::new)))
    }
}
