//! URIs that name other files.

/// True for a URI that is relative to the file that holds it.
pub(in crate::file) fn is_relative(uri: &str) -> bool {
    let head = uri.split(['/', '?', '#']).next().unwrap_or_default();
    !head.contains(':') && !uri.starts_with(['/', '\\']) && !path_part(uri).is_empty()
}

/// What of a URI names the file.
pub(in crate::file) fn path_part(uri: &str) -> &str {
    uri.split('#').next().unwrap_or_default()
}
