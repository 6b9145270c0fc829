//! `TPV`: polynomials in the plane of the projection, `PVi_m` of both axes (a registered convention), also as SCAMP wrote them
//! under `TAN`.

use super::model;
use super::model::Terms;
use super::number::{Read, Refusal};
use super::projection::Given;

/// What a number stands for: powers of this axis and the other, or a power of the distance from the centre.
#[derive(Debug, Clone, Copy)]
enum Term {
    Powers([usize; 2]),
    Radius(usize),
}

/// The terms by their numbers, degree after degree; of odd degrees one of the distance follows.
fn term(number: usize) -> Option<Term> {
    let mut first = 0;
    for degree in 0..=7_usize {
        let place = number.checked_sub(first)?;
        if place <= degree {
            return Some(Term::Powers([degree - place, place]));
        }
        first += degree + 1;
        if degree % 2 == 1 {
            if number == first {
                return Some(Term::Radius(degree));
            }
            first += 1;
        }
    }
    None
}

/// From the plane as the pixels have it to that of the projection; both with the longitude first.
pub(super) fn transform(longitude: &Given, latitude: &Given) -> Read<String> {
    let parts = [part(longitude, false)?, part(latitude, true)?];
    let both = [Some(model::remap(&[0, 1, 0, 1], 2)), model::beside(parts)];
    Ok(model::chain(both.into_iter().flatten()).unwrap_or_default())
}

/// One coordinate; that of the latitude counts powers of the latitude first.
fn part(given: &Given, is_latitude: bool) -> Read<String> {
    let mut terms = Terms::new();
    let mut radial = vec![0.0; 8];
    for (number, keyword, value) in given {
        match term(*number) {
            Some(Term::Powers([own, other])) => {
                let powers = if is_latitude {
                    [other, own]
                } else {
                    [own, other]
                };
                terms.push((powers, *value));
            }
            Some(Term::Radius(power)) => {
                if let Some(slot) = radial.get_mut(power) {
                    *slot = *value;
                }
            }
            None => {
                return Err(Refusal::new(keyword, "is beyond the 40 terms of TPV"));
            }
        }
    }
    let polynomial = model::polynomial2(&terms);
    while radial.last().is_some_and(|last| *last == 0.0) {
        radial.pop();
    }
    if radial.is_empty() {
        return Ok(polynomial);
    }
    let distance = [model::function("hypot"), model::polynomial1(&radial)];
    let distance = model::chain(distance).unwrap_or_default();
    Ok(model::sum(&polynomial, &distance))
}

#[cfg(test)]
mod tests {
    use super::{Term, term};

    /// Numbers of the registered convention.
    #[test]
    fn terms_have_the_numbers_of_the_convention() {
        let powers = |number| match term(number) {
            Some(Term::Powers(powers)) => powers,
            other => panic!("{number}: {other:?}"),
        };
        let expected = [
            (0, [0, 0]),
            (1, [1, 0]),
            (2, [0, 1]),
            (4, [2, 0]),
            (6, [0, 2]),
            (7, [3, 0]),
            (10, [0, 3]),
            (12, [4, 0]),
            (16, [0, 4]),
            (17, [5, 0]),
            (22, [0, 5]),
            (24, [6, 0]),
            (30, [0, 6]),
            (31, [7, 0]),
            (38, [0, 7]),
        ];
        for (number, wanted) in expected {
            assert_eq!(powers(number), wanted, "{number}");
        }
        for (number, wanted) in [(3, 1), (11, 3), (23, 5), (39, 7)] {
            let found = term(number);
            assert!(matches!(found, Some(Term::Radius(power)) if power == wanted));
        }
        assert!(term(40).is_none());
    }
}
