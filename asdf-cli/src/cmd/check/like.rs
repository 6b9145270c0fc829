//! A reference file as a profile: its arrays, and which of them vary.

use super::content::Looks;
use super::profile::{ArrayRule, Profile};
use asdf_core::{AsdfFile, Result};

/// What the arrays of a file are; `looks` when their elements may be read.
pub(super) fn profile(file: &AsdfFile, looks: bool) -> Result<Profile> {
    let (mut arrays, mut looked) = (Vec::new(), Looks::default());
    for (path, node) in file.arrays()? {
        let array = file.array_as(node, &path)?;
        let varies = looks && {
            let found = looked
                .look(&array, false)
                .map_err(|error| file.name_in(error))?;
            array.len() > 1 && !found.all_nan && !found.constant
        };
        let lengths = array.shape().iter();
        arrays.push(ArrayRule {
            path: path.into(),
            same_as: Some(array.datatype().clone()),
            shape: Some(
                lengths
                    .map(|length| i64::try_from(*length).unwrap_or(-1))
                    .collect(),
            ),
            varies,
            ..ArrayRule::default()
        });
    }
    Ok(Profile {
        arrays,
        ..Profile::default()
    })
}
