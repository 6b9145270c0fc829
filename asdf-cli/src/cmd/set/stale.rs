//! Cards of headers that say what a value of the tree said before it was changed.

use asdf_core::fits::{CardValue, FitsFile};
use asdf_core::tree::Value;
use asdf_core::{AsdfFile, Node, TreePath};

/// Cards that are named.
const SHOWN: usize = 4;

/// What is to be told when the value at a path of a tree in a FITS file changes, and cards of its HDUs have that value. Which keyword
/// belongs to which key only the schemas of a mission say; without them the cards are left as they are.
pub(super) fn cards(file: &AsdfFile, path: &TreePath) -> Option<String> {
    file.tree_hdu()?;
    let old = file.node(path).ok().and_then(telling)?;
    let found = same(file.fits()?, &old);
    let (shown, more) = match found.get(..SHOWN) {
        Some(first) if found.len() > SHOWN => (first, ", …"),
        _ => (found.as_slice(), ""),
    };
    let [first, ..] = shown else {
        return None;
    };
    let shown = shown.join(", ");
    let hint = if is_of_jwst(file) {
        "; with the schemas of the mission cards follow the tree: `asdf schema add stdatamodels-VERSION-py3-none-any.whl`"
    } else {
        ""
    };
    Some(format!(
        "only the tree is changed: `{path}` was what the header says in {shown}{more}, and readers of headers go on to see that (`asdf set FILE {first} VALUE` changes a card{hint})"
    ))
}

/// Whether it is a product of JWST, whose schemas say which card belongs to which key.
fn is_of_jwst(file: &AsdfFile) -> bool {
    let telescope = file.node("meta.telescope").ok();
    telescope.is_some_and(|node| matches!(node.value(), Value::Str("JWST")))
}

/// A value that is not likely to stand in a card by chance.
fn telling(node: Node<'_>) -> Option<CardValue> {
    Some(match node.value() {
        Value::Str(text) if text.trim().len() > 1 => CardValue::Text(text.trim().to_owned()),
        Value::Int(number) if number.unsigned_abs() >= 100 => CardValue::Integer(number.into()),
        Value::Float(number) if number.fract() != 0.0 => CardValue::Float(number),
        _ => return None,
    })
}

/// The cards with that value, as `asdf set` names them.
fn same(fits: &FitsFile, old: &CardValue) -> Vec<String> {
    let mut out = Vec::new();
    for hdu in fits.hdus() {
        for card in hdu.header().cards() {
            let keyword = card.keyword();
            let is_named = matches!(&*keyword, "EXTNAME" | "XTENSION" | "")
                || keyword.starts_with("TTYPE")
                || keyword.starts_with("NAXIS");
            if !is_named && !card.is_commentary() && card.value() == *old {
                out.push(format!("fits/{}/header/{keyword}", hdu.index()));
            }
        }
    }
    out
}
