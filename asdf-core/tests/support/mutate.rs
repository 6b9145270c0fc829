//! Damage that is always the same.

/// Numbers that look random and are not (xorshift).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).unwrap()
    }
}

/// A copy with a few bytes changed, or cut.
pub(crate) fn mutate(original: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len());
        if let Some(byte) = bytes.get_mut(at) {
            match dice.below(3) {
                0 => *byte ^= 1 << dice.below(8),
                1 => *byte = u8::try_from(dice.below(256)).unwrap(),
                // Digits and brackets make other numbers and shapes of a tree.
                _ => *byte = b"0123456789-[]{}:,*&!"[dice.below(20)],
            }
        }
    }
    if dice.below(5) == 0 {
        bytes.truncate(dice.below(bytes.len()));
    }
    bytes
}
