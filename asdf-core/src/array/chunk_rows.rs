//! How many rows of an array make a chunk, when all chunks are to have the same number of them.

/// Bytes of a chunk that are aimed at: what the Python library cuts at.
const AIM: u64 = 4 << 20;
/// How many times smaller or larger a chunk of whole rows may be.
const SLACK: u64 = 4;

/// The number of rows that divides `rows`, of `row` bytes each, and comes nearest to a chunk of 4 MiB; `None` when none is near.
pub(crate) fn chunk_rows(rows: u64, row: u64) -> Option<u64> {
    let distance = |count: u64| {
        let size = row.saturating_mul(count);
        // Nearness is a factor: half as much is as far away as twice as much.
        let (small, large) = (size.min(AIM), size.max(AIM));
        large.saturating_mul(1000).checked_div(small)
    };
    let divisors = (1..=rows.isqrt()).filter(|count| rows.checked_rem(*count) == Some(0));
    let divisors = divisors.flat_map(|count| [Some(count), rows.checked_div(count)]);
    let best = divisors
        .flatten()
        .filter_map(|count| Some((distance(count)?, count)))
        .min()?;
    // All rows may be one chunk, however small.
    let is_small = best.1 == rows && row.saturating_mul(rows) <= AIM;
    let is_near = best.0 <= SLACK.saturating_mul(1000);
    (is_near || is_small).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_of_whole_rows_are_about_four_mebibytes() {
        assert_eq!(chunk_rows(4088, 4088 * 4), Some(292));
        assert_eq!(chunk_rows(4096, 4096 * 4), Some(256));
        assert_eq!(chunk_rows(64, 256), Some(64));
        assert_eq!(chunk_rows(10, 100 << 20), None);
        // A prime number of rows: one alone is too small, all are too large.
        assert_eq!(chunk_rows(4099, 4099 * 4), None);
        assert_eq!(chunk_rows(0, 4), None);
    }
}
