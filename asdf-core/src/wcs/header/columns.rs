//! Coordinates of tables (FITS paper I, section 4.2): pixel lists, whose columns are the pixel coordinates of events
//! (`TCTYPn`), and columns whose cells are images (`1CTYPn`), each as a header of an image with the same meaning.

use crate::error::Result;
use crate::fits::{FitsHeader, NewHeader};
use std::collections::BTreeMap;

/// Columns that are looked at; a table has no more.
const MOST: usize = 999;

/// A description of pixel coordinates in a table.
pub(super) struct ColumnHeader {
    /// The number of the column whose cells are images; none for a pixel list.
    pub(super) column: Option<usize>,
    pub(super) header: NewHeader,
}

/// Keywords of one column of a pixel list before its number, with those of an image.
const OF_LIST: [(&str, &str); 12] = [
    ("TCTYP", "CTYPE"),
    ("TCTY", "CTYPE"),
    ("TCUNI", "CUNIT"),
    ("TCUN", "CUNIT"),
    ("TCRVL", "CRVAL"),
    ("TCRV", "CRVAL"),
    ("TCDLT", "CDELT"),
    ("TCDE", "CDELT"),
    ("TCRPX", "CRPIX"),
    ("TCRP", "CRPIX"),
    ("TCROT", "CROTA"),
    ("TCNA", "CNAME"),
];
/// Those of two columns, or of a column and a parameter.
const PAIRS_OF_LIST: [(&str, &str); 6] = [
    ("TPC", "PC"),
    ("TP", "PC"),
    ("TCD", "CD"),
    ("TC", "CD"),
    ("TPV", "PV"),
    ("TV", "PV"),
];
/// Keywords of an axis of the cells of a column between the numbers of both.
const OF_CELL: [(&str, &str); 12] = [
    ("CTYP", "CTYPE"),
    ("CTY", "CTYPE"),
    ("CUNI", "CUNIT"),
    ("CUN", "CUNIT"),
    ("CRVL", "CRVAL"),
    ("CRV", "CRVAL"),
    ("CDLT", "CDELT"),
    ("CDE", "CDELT"),
    ("CRPX", "CRPIX"),
    ("CRP", "CRPIX"),
    ("CROT", "CROTA"),
    ("CNA", "CNAME"),
];
/// Keywords of a whole description, before the number of a column.
const WHOLE: [(&str, &str); 6] = [
    ("LONP", "LONPOLE"),
    ("LATP", "LATPOLE"),
    ("EQUI", "EQUINOX"),
    ("RADE", "RADESYS"),
    ("WCSN", "WCSNAME"),
    ("WCAX", "WCSAXES"),
];

/// The descriptions in the header of a table: that of its pixel list first, then those of columns.
pub(super) fn of(header: &FitsHeader<'_>) -> Result<Vec<ColumnHeader>> {
    let mut found = Vec::new();
    if let Some(list) = pixel_list(header)? {
        found.push(ColumnHeader {
            column: None,
            header: list,
        });
    }
    for (column, header) in cells(header)? {
        found.push(ColumnHeader {
            column: Some(column),
            header,
        });
    }
    Ok(found)
}

fn number(text: &str) -> Option<usize> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = is_number.then(|| text.parse().ok()).flatten();
    number.filter(|number| (1..=MOST).contains(number))
}

/// The columns that are the pixel coordinates, in their order, as a header: the first pair of the sky where there is one, else
/// all that have a type.
fn pixel_list(header: &FitsHeader<'_>) -> Result<Option<NewHeader>> {
    let mut typed: BTreeMap<usize, String> = BTreeMap::new();
    for card in header.cards() {
        let keyword = card.keyword();
        let column = keyword
            .strip_prefix("TCTYP")
            .or_else(|| keyword.strip_prefix("TCTY"))
            .and_then(number);
        if let (Some(column), Some(text)) = (column, card.value().as_text()) {
            typed.insert(column, text.trim().to_owned());
        }
    }
    let is_projected = |text: &String| text.get(4..5) == Some("-") && text.len() >= 8;
    let projected: Vec<usize> = typed
        .iter()
        .filter(|(_, text)| is_projected(text))
        .map(|(column, _)| *column)
        .collect();
    let columns: Vec<usize> = match projected.as_slice() {
        [first, second, ..] => vec![*first, *second],
        _ => typed.into_keys().collect(),
    };
    if columns.is_empty() {
        return Ok(None);
    }
    let axis = |column: usize| {
        columns
            .iter()
            .position(|own| *own == column)
            .map(|at| at + 1)
    };
    let mut out = NewHeader::new();
    for card in header.cards() {
        let keyword = card.keyword();
        let own = single(&keyword, &OF_LIST, &axis)
            .or_else(|| pair(&keyword, &axis))
            .or_else(|| whole(&keyword, &axis))
            .or_else(|| common(&keyword));
        if let Some(own) = own {
            out.set(&own, &card.value(), "")?;
        }
    }
    Ok(Some(out))
}

fn single(
    keyword: &str,
    names: &[(&str, &str)],
    axis: &impl Fn(usize) -> Option<usize>,
) -> Option<String> {
    names.iter().find_map(|(name, of_image)| {
        let column = keyword.strip_prefix(name).and_then(number)?;
        Some(format!("{of_image}{}", axis(column)?))
    })
}

fn pair(keyword: &str, axis: &impl Fn(usize) -> Option<usize>) -> Option<String> {
    PAIRS_OF_LIST.iter().find_map(|(name, of_image)| {
        let (first, second) = keyword.strip_prefix(name)?.split_once('_')?;
        let first = axis(number(first)?)?;
        if *of_image == "PV" {
            let index: usize = second.parse().ok()?;
            return Some(format!("PV{first}_{index}"));
        }
        Some(format!("{of_image}{first}_{}", axis(number(second)?)?))
    })
}

/// A keyword of the description, under the number of the first of its columns that has one.
fn whole(keyword: &str, axis: &impl Fn(usize) -> Option<usize>) -> Option<String> {
    WHOLE.iter().find_map(|(name, of_image)| {
        let column = keyword.strip_prefix(name).and_then(number)?;
        axis(column).map(|_| (*of_image).to_owned())
    })
}

/// What is said for all of a header.
fn common(keyword: &str) -> Option<String> {
    const NAMES: [&str; 6] = [
        "RADECSYS", "RADESYS", "EQUINOX", "EPOCH", "MJD-OBS", "DATE-OBS",
    ];
    NAMES.contains(&keyword).then(|| keyword.to_owned())
}

/// The columns whose cells have coordinates, each as a header.
fn cells(header: &FitsHeader<'_>) -> Result<BTreeMap<usize, NewHeader>> {
    let mut found: BTreeMap<usize, NewHeader> = BTreeMap::new();
    for card in header.cards() {
        let keyword = card.keyword();
        if let Some((column, own)) = of_cell(&keyword) {
            found
                .entry(column)
                .or_default()
                .set(&own, &card.value(), "")?;
        }
    }
    found.retain(|_, own| {
        own.read()
            .cards()
            .any(|card| card.keyword().starts_with("CTYPE"))
    });
    for (column, own) in &mut found {
        let axis = |number: usize| (number == *column).then_some(1);
        for card in header.cards() {
            let keyword = card.keyword();
            if let Some(name) = whole(&keyword, &axis).or_else(|| common(&keyword)) {
                own.set(&name, &card.value(), "")?;
            }
        }
    }
    Ok(found)
}

/// `2CRVL5` is `CRVAL2` of column 5, `12PC5` is `PC1_2`, `2V5_1` is `PV2_1`.
fn of_cell(keyword: &str) -> Option<(usize, String)> {
    let digits = keyword.bytes().take_while(u8::is_ascii_digit).count();
    let (axes, rest) = keyword
        .split_at_checked(digits)
        .filter(|parts| !parts.0.is_empty())?;
    for (name, of_image) in OF_CELL {
        if let Some(column) = rest.strip_prefix(name).and_then(number)
            && axes.len() == 1
        {
            return Some((column, format!("{of_image}{axes}")));
        }
    }
    for name in ["PC", "CD"] {
        if let (Some(column), Some((row, line))) = (
            rest.strip_prefix(name).and_then(number),
            axes.split_at_checked(1),
        ) && axes.len() == 2
        {
            return Some((column, format!("{name}{row}_{line}")));
        }
    }
    let parameter = rest.strip_prefix("PV").or_else(|| rest.strip_prefix('V'));
    let (column, index) = parameter?.split_once('_')?;
    let index: usize = index.parse().ok()?;
    Some((number(column)?, format!("PV{axes}_{index}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_of_tables_are_those_of_images() {
        let axis = |column: usize| {
            [11, 12]
                .iter()
                .position(|own| *own == column)
                .map(|at| at + 1)
        };
        assert_eq!(
            single("TCTYP11", &OF_LIST, &axis).as_deref(),
            Some("CTYPE1")
        );
        assert_eq!(
            single("TCRVL12", &OF_LIST, &axis).as_deref(),
            Some("CRVAL2")
        );
        assert_eq!(single("TCRVL13", &OF_LIST, &axis), None);
        assert_eq!(pair("TPC11_12", &axis).as_deref(), Some("PC1_2"));
        assert_eq!(pair("TV12_1", &axis).as_deref(), Some("PV2_1"));
        assert_eq!(whole("LONP12", &axis).as_deref(), Some("LONPOLE"));
        assert_eq!(of_cell("1CTYP5"), Some((5, "CTYPE1".to_owned())));
        assert_eq!(of_cell("2CRPX10"), Some((10, "CRPIX2".to_owned())));
        assert_eq!(of_cell("12PC5"), Some((5, "PC1_2".to_owned())));
        assert_eq!(of_cell("2V5_1"), Some((5, "PV2_1".to_owned())));
        assert_eq!(of_cell("CTYPE1"), None);
        assert_eq!(of_cell("1"), None);
    }
}
