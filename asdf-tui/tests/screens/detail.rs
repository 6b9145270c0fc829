use crate::stage::stage;

#[test]
fn an_array_is_told_in_detail() {
    stage("made/roman_exposure_zlib.asdf", 120, 40)
        .keys("J")
        .shows("detail_array");
}

#[test]
fn the_schema_explains_a_key() {
    stage("made/writer_plain.asdf", 120, 40)
        .keys(":asdf_library/name<enter>")
        .shows("detail_schema");
}

#[test]
fn the_detail_takes_the_keys_and_scrolls() {
    stage("made/roman_exposure.asdf", 80, 24)
        .keys("J2jj")
        .shows("detail_scrolled");
    stage("made/roman_exposure.asdf", 40, 12)
        .keys("<tab>")
        .shows("detail_alone");
}
