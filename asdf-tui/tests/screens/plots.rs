//! Arrays with one axis and columns of tables as lines, dots and histograms.

use crate::stage::Stage;
use crate::stage::stage;
use asdf_tui::app::Screen;

const MATCHED: &str = "image/matched.asdf";
const TABLE: &str = "measure/errors.asdf";

fn line(keys: &str) -> Stage {
    stage(MATCHED, 80, 24).keys(&format!(":line.data<enter>p<wait>{keys}<wait>"))
}

fn table(keys: &str) -> Stage {
    stage(TABLE, 120, 40).keys(&format!(":catalogue<enter>4<wait>{keys}<wait>"))
}

#[test]
fn an_array_with_one_axis_is_a_line_by_its_wavelength() {
    line("").shows("plot_line");
    line("^_").shows("plot_log");
    line("t").has("/line/data [Jy]");
    line("tt").has("histogram of /line/data [Jy]");
    line("").keys("Y").has("path copied");
}

#[test]
fn arrays_are_plotted_together_and_against_each_other() {
    let typed = |text: &str| stage(MATCHED, 120, 40).keys(&format!(":plot {text}<enter><wait>"));
    typed("spectra.pixel spectra.region against spectra.wavelength").shows("plot_curves");
    typed("spectra.pixel spectra.region").has("index");
    typed("spectra.pixel against line.data").has("7 values against 40 of /line/data");
    typed("cube.data").has("an array with 3 axes; a line has one");
    typed("nowhere").has("nowhere");
    typed("cube").has("/cube is not an array");
    typed("a against b c").has("plot NAME ... against NAME");
    stage(MATCHED, 80, 24).keys("p").has("no array is selected");
}

#[test]
fn columns_of_a_table_are_plotted() {
    table("<right>p").shows("plot_histogram");
    // From a plot Esc leads back to what it was made of.
    assert_eq!(table("<right>p<esc>").0.app.tab().screen, Screen::Table);
    let twice = table("<right>p<wait>:plot dec against ra<enter><wait><esc>");
    assert_eq!(twice.0.app.tab().screen, Screen::Table);
    assert_eq!(line("<esc>").0.app.tab().screen, Screen::Tree);
    table(":plot dec against ra<enter>").shows("plot_points");
    table(":plot ra dec<enter>").has("row");
    table(":hist dec<enter>").has("histogram of dec [deg]");
    table("p").has("which are no numbers");
    table(":plot flux<enter>").has("no column `flux`; there are name, ra, dec");
    table("&ra > 80.5<enter><wait><right>p").has("histogram of ra [deg]");
}
