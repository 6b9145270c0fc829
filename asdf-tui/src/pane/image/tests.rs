//! What keys, mouse and answers do to the pane.

use super::*;
use crate::mouse::Mouse;
use crate::pane::chart::ChartKind;
use crate::testing;
use asdf_core::AsdfFile;
use std::sync::atomic::AtomicBool;
use viewport::Direction;
use viewport::Zoom;

/// A pane whose jobs are done at once.
struct Stage {
    file: AsdfFile,
    pane: ImagePane,
    /// The lanes of the jobs that the last message led to.
    lanes: Vec<Lane>,
}

impl Stage {
    fn new(file: &str, path: &str) -> Self {
        let file = AsdfFile::open(testing::file(file)).unwrap();
        let path = TreePath::parse(path).unwrap();
        let pane = ImagePane::new(path, std::env::temp_dir());
        let mut stage = Self {
            file,
            pane,
            lanes: Vec::new(),
        };
        stage.send(ImageMsg::Resized {
            width: 80,
            height: 22,
        });
        stage
    }

    fn send(&mut self, msg: ImageMsg) -> &mut Self {
        self.lanes.clear();
        let mut jobs = self.pane.update(msg);
        while !jobs.is_empty() {
            let job = jobs.remove(0);
            self.lanes.push(job.lane);
            let answer = job.run(&self.file, &AtomicBool::new(false));
            jobs.extend(self.pane.update(answer));
        }
        self
    }

    fn keys(&mut self, keys: &[ImageKey]) -> &mut Self {
        for key in keys {
            self.send(ImageMsg::Key(*key));
        }
        self
    }

    fn mouse(&mut self, kind: Mouse, x: u16, y: u16) -> &mut Self {
        self.send(ImageMsg::Mouse { kind, x, y })
    }

    fn view(&self) -> Viewport {
        self.pane.view.unwrap()
    }

    fn cut(&self) -> String {
        self.pane.shown.cut.as_ref().unwrap().text()
    }
}

fn sky() -> Stage {
    Stage::new("image/sky.asdf", "roman/data")
}

#[test]
fn an_array_shows_as_a_whole_with_limits_and_the_pixel_in_the_middle() {
    let stage = sky();
    assert_eq!(stage.view().zoom, Zoom::Out(1));
    assert!(stage.pane.shown.tile.as_ref().unwrap().is_exact);
    assert!(stage.pane.shown.limits.unwrap().is_exact);
    assert_eq!(stage.pane.shown.readout.as_ref().unwrap().pixel, [30, 20]);
    assert!(!stage.pane.is_busy());
}

#[test]
fn zoom_and_pan_ask_for_what_shows_and_nothing_else() {
    let mut stage = sky();
    stage.keys(&[ImageKey::ZoomIn]);
    assert_eq!(stage.view().zoom, Zoom::In(2));
    assert_eq!(stage.lanes, [Lane::Tile]);
    let [rows, columns] = stage.view().window();
    assert_eq!(
        (rows.end - rows.start, columns.end - columns.start),
        (20, 40)
    );
    stage.keys(&[ImageKey::Pan(Direction::Left)]);
    assert_eq!(stage.view().window()[1].start, columns.start - 4);
    stage.keys(&[ImageKey::Leap(Direction::Up)]);
    assert_eq!(stage.view().window()[0].end, 40);
    stage.keys(&[ImageKey::LifeSize, ImageKey::ZoomOut]);
    assert_eq!(stage.view().zoom, Zoom::Out(2));
    stage.keys(&[ImageKey::Fit]);
    assert_eq!(stage.view().zoom, Zoom::Out(1));
}

#[test]
fn the_old_picture_shows_until_the_new_one_is_there() {
    let mut stage = sky();
    let jobs = stage.pane.update(ImageMsg::Key(ImageKey::ZoomIn));
    let scene = stage.pane.scene().unwrap();
    let dot = scene.dot([40, 20], &scene.marks());
    assert!(matches!(dot, scene::Dot::Level(_)), "{dot:?}");
    let later = stage.pane.update(ImageMsg::Key(ImageKey::ZoomIn));
    let late = jobs
        .into_iter()
        .next()
        .unwrap()
        .run(&stage.file, &AtomicBool::new(false));
    stage.pane.update(late);
    assert_eq!(
        stage.pane.shown.tile.as_ref().unwrap().ask.window,
        [0..40, 0..60]
    );
    for job in later {
        let answer = job.run(&stage.file, &AtomicBool::new(false));
        stage.pane.update(answer);
    }
    assert_eq!(
        stage.pane.shown.tile.as_ref().unwrap().ask.window,
        stage.view().window()
    );
    assert!(!stage.pane.is_busy());
}

#[test]
fn a_cancelled_job_leaves_the_old_picture() {
    let mut stage = sky();
    let jobs = stage.pane.update(ImageMsg::Key(ImageKey::ZoomIn));
    for job in jobs {
        let answer = job.run(&stage.file, &AtomicBool::new(true));
        let ImageMsg::Answer(answer) = &answer else {
            panic!("{answer:?}")
        };
        assert_eq!(
            answer.found.as_ref().err(),
            Some(&message::ImageTrouble::Stopped),
            "{:?}",
            answer.lane
        );
    }
    assert!(stage.pane.error.is_none());
}

#[test]
fn keys_for_the_colours_need_no_job_but_those_for_limits_do() {
    let mut stage = sky();
    for key in [ImageKey::Stretch, ImageKey::Colormap, ImageKey::Invert] {
        stage.keys(&[key]);
        assert!(stage.lanes.is_empty(), "{key:?}");
    }
    assert_eq!(stage.pane.look.text(), "zscale+log");
    assert!(stage.pane.look.is_inverted);
    stage.keys(&[ImageKey::Limits]);
    assert_eq!(stage.lanes, [Lane::Limits]);
    let limits = stage.pane.shown.limits.unwrap().values;
    stage.keys(&[ImageKey::LowerUpper]);
    let [low, high] = stage.pane.shown.limits.unwrap().values;
    let lowered = limits[1] - 0.1 * (limits[1] - limits[0]);
    assert_eq!(low.to_bits(), limits[0].to_bits());
    assert_eq!(high.to_bits(), lowered.to_bits());
    assert_eq!(stage.pane.look.text(), "user+log");
    stage.keys(&[ImageKey::ResetLook]);
    assert_eq!(stage.pane.look, Look::default());
}

#[test]
fn the_crosshair_moves_by_one_pixel_and_stays_in_the_view() {
    let mut stage = sky();
    stage.keys(&[ImageKey::Crosshair, ImageKey::Arrow(Direction::Up)]);
    assert_eq!(stage.pane.cursor, [30, 21]);
    assert_eq!(stage.lanes, [Lane::Readout]);
    stage.keys(&[ImageKey::Origin, ImageKey::Arrow(Direction::Up)]);
    assert_eq!(stage.pane.cursor, [30, 20]);
    stage.keys(&[ImageKey::ZoomIn; 3]);
    stage.keys(&[ImageKey::Arrow(Direction::Left); 40]);
    assert_eq!(stage.pane.cursor, [0, 20]);
    assert!(stage.view().window()[1].contains(&0));
}

#[test]
fn flags_are_named_and_counted_and_can_be_hidden() {
    let mut stage = sky();
    stage.keys(&[ImageKey::Flags]);
    assert_eq!(stage.lanes, [Lane::FlagCounts, Lane::Flags]);
    let lines = stage.pane.legend();
    let found: Vec<_> = lines
        .iter()
        .map(|line| (line.name.as_str(), line.count))
        .collect();
    assert_eq!(
        found,
        [
            ("DO_NOT_USE", 64),
            ("JUMP_DET", 1),
            ("DEAD", 40),
            ("bit 14", 24)
        ]
    );
    stage.keys(&[ImageKey::NextFlag, ImageKey::NextFlag, ImageKey::ToggleFlag]);
    assert!(!stage.pane.legend()[2].is_shown);
    let scene = stage.pane.scene().unwrap();
    let [across, down] = scene.view.pixels_of([15, 10]);
    let dot = scene.dot([across.start, down.start], &scene.marks());
    // The only one here: bit 2 has the second of the colours, and stands before the brightness.
    let order = stage.pane.flag_order();
    assert!(
        matches!(dot, scene::Dot::Flag(color, scene::Ground::Level(_), 255) if color == order.color(2)),
        "{dot:?}"
    );
    stage.keys(&[ImageKey::Flags]);
    assert!(stage.pane.legend().is_empty());
}

#[test]
fn jwst_flags_have_the_names_of_that_mission() {
    let mut stage = Stage::new("image/cube.asdf", "data");
    stage.keys(&[ImageKey::Flags]);
    assert_eq!(stage.pane.legend()[0].name, "RC");
}

#[test]
fn a_region_has_two_corners_and_then_statistics() {
    let mut stage = sky();
    stage.keys(&[ImageKey::Region]);
    assert_eq!(stage.pane.region, Region::Begun([30, 20]));
    stage.keys(&[
        ImageKey::Arrow(Direction::Left),
        ImageKey::Arrow(Direction::Up),
    ]);
    stage.keys(&[ImageKey::Region]);
    let Region::Whole(corners, Some(Ok(stats))) = &stage.pane.region else {
        panic!("{:?}", stage.pane.region)
    };
    assert_eq!((*corners, stats.count), ([[30, 20], [29, 21]], 4));
    stage.keys(&[ImageKey::Back]);
    assert_eq!(stage.pane.region, Region::None);
}

#[test]
fn planes_and_axes_are_gone_through() {
    let mut stage = Stage::new("image/cube.asdf", "data");
    assert_eq!(stage.cut(), "[4, :, :]");
    stage.keys(&[ImageKey::NextSlice]);
    assert_eq!(stage.cut(), "[5, :, :]");
    assert!(stage.lanes.contains(&Lane::Tile) && stage.lanes.contains(&Lane::Limits));
    stage.keys(&[ImageKey::PreviousAxes]);
    assert_eq!(stage.cut(), "[:, 6, :]");
    assert_eq!(stage.view().lengths, [16, 9]);
    stage.keys(&[ImageKey::NextAxes, ImageKey::PreviousSlice]);
    assert_eq!(stage.cut(), "[4, :, :]");
    let mut flat = sky();
    flat.keys(&[ImageKey::NextSlice]);
    assert_eq!(flat.pane.note.as_deref(), Some("there is only one plane"));
}

#[test]
fn blinking_keeps_the_place_and_comes_back() {
    let mut stage = sky();
    stage.keys(&[ImageKey::ZoomIn, ImageKey::Pan(Direction::Left)]);
    let view = stage.view();
    stage.keys(&[ImageKey::Blink]);
    assert_eq!(stage.pane.path().to_string(), "/roman/dq");
    assert_eq!(stage.view(), view);
    assert!(stage.lanes.contains(&Lane::Subject));
    stage.keys(&[ImageKey::Blink]);
    assert_eq!(stage.pane.path().to_string(), "/roman/data");
    assert!(!stage.lanes.contains(&Lane::Limits) && !stage.lanes.contains(&Lane::Tile));
    stage.keys(&[ImageKey::NextSecond, ImageKey::Blink]);
    assert_eq!(stage.pane.path().to_string(), "/roman/err");
}

#[test]
fn profiles_are_gone_through_and_left() {
    let mut stage = Stage::new("image/cube.asdf", "data");
    let mut seen = Vec::new();
    for _ in 0..5 {
        stage.keys(&[ImageKey::Profile]);
        seen.push(match stage.pane.companion() {
            Some(Companion::Chart(pane)) => {
                assert!(pane.series().unwrap().is_ok());
                Some(pane.kind())
            }
            _ => None,
        });
    }
    assert_eq!(
        seen,
        [
            Some(ChartKind::Row),
            Some(ChartKind::Column),
            Some(ChartKind::Diagonal),
            Some(ChartKind::Along(0)),
            None
        ]
    );
    stage.keys(&[ImageKey::Histogram, ImageKey::Limits]);
    assert_eq!(stage.lanes, [Lane::Limits, Lane::Chart]);
    stage.keys(&[ImageKey::Wcs]);
    assert!(matches!(stage.pane.companion(), Some(Companion::Wcs(_))));
    stage.keys(&[ImageKey::Back]);
    assert!(stage.pane.companion().is_none());
}

#[test]
fn the_mouse_reads_zooms_drags_and_changes_contrast() {
    let mut stage = sky();
    let [across, down] = stage.view().pixels_of([15, 10]);
    let at = [across.start, down.start / 2].map(|place| u16::try_from(place).unwrap());
    stage.mouse(Mouse::Press, at[0], at[1]);
    assert_eq!(stage.pane.cursor[0], 15);
    assert!(stage.pane.cursor[1].abs_diff(10) <= 1);
    stage.mouse(Mouse::Release, at[0], at[1]);
    stage.mouse(Mouse::WheelUp, at[0], at[1]);
    assert_eq!(stage.view().zoom, Zoom::In(2));
    let corner = stage.view().corner;
    stage.mouse(Mouse::Press, 40, 10);
    stage.mouse(Mouse::Drag, 36, 10);
    assert_eq!(stage.view().corner, [corner[0] + 2, corner[1]]);
    stage.mouse(Mouse::Release, 36, 10);
    stage.mouse(Mouse::Drag, 10, 10);
    assert_eq!(stage.view().corner, [corner[0] + 2, corner[1]]);
    stage.mouse(Mouse::RightPress, 40, 10);
    stage.mouse(Mouse::RightDrag, 48, 8);
    assert!((stage.pane.look.bias - 0.6).abs() < 1e-9);
    assert!(stage.pane.look.contrast > 1.0);
}

#[test]
fn what_is_no_picture_is_refused_with_a_reason() {
    for (path, reason) in [
        (
            "line",
            "/line: int64 with 1 axes; a picture needs numbers with two axes or more",
        ),
        (
            "text",
            "/text: ucs4[1] with 2 axes; a picture needs numbers with two axes or more",
        ),
        ("missing", ""),
    ] {
        let stage = Stage::new("image/odd.asdf", path);
        let error = stage.pane.error.as_ref().unwrap();
        assert!(error.contains(reason) && !error.is_empty(), "{error}");
        assert!(stage.pane.scene().is_none());
    }
}

#[test]
fn the_picture_that_shows_is_written() {
    let mut stage = sky();
    let folder = tempfile::tempdir().unwrap();
    stage.pane.folder = folder.path().to_path_buf();
    stage.keys(&[ImageKey::Save, ImageKey::Save]);
    let mut names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["sky_roman_data-1.png", "sky_roman_data.png"]);
    let bytes = std::fs::File::open(folder.path().join("sky_roman_data.png")).unwrap();
    let reader = png::Decoder::new(std::io::BufReader::new(bytes))
        .read_info()
        .unwrap();
    assert_eq!((reader.info().width, reader.info().height), (60, 40));
}

#[test]
fn a_fitted_picture_is_fitted_again_when_the_pane_changes() {
    let mut stage = sky();
    stage.send(ImageMsg::Resized {
        width: 200,
        height: 60,
    });
    let between = Zoom::Between {
        pixels: 118,
        elements: 40,
    };
    assert_eq!(stage.view().zoom, between);
    stage.keys(&[ImageKey::ZoomIn]);
    stage.send(ImageMsg::Resized {
        width: 80,
        height: 24,
    });
    assert_eq!(stage.view().zoom, Zoom::In(4));
}

#[test]
fn colours_of_three_arrays_are_those_of_astropy() {
    use crate::raster::NAN_COLOR;
    use crate::raster::Origin;
    use colored::ColorsAsk;
    let mut stage = Stage::new("image/colours.asdf", "bands/red");
    let typed = |ask| ImageMsg::Typed(typed::Typed::Colors(ask));
    stage.send(typed(ColorsAsk::Known));
    stage.send(typed(ColorsAsk::Minimum([0.3, 0.2, 0.1])));
    stage.send(typed(ColorsAsk::Stretch(1.5)));
    stage.keys(&[ImageKey::LifeSize, ImageKey::Fit]);
    stage.keys(&[
        ImageKey::ZoomIn,
        ImageKey::ZoomIn,
        ImageKey::ZoomOut,
        ImageKey::Fit,
    ]);
    stage.send(ImageMsg::Resized {
        width: 100,
        height: 60,
    });
    let scene = stage.pane.scene().unwrap();
    let colors = scene.colors.unwrap();
    let tiles = colors
        .tiles
        .each_ref()
        .map(|tile| tile.as_deref().map(|tile| &tile.reduced));
    let picture = colors.blend.paint(tiles, Origin::Upper, NAN_COLOR).unwrap();
    let wanted = stage.file.array("bands/lupton").unwrap().load().unwrap();
    let wanted = wanted.to_f64().unwrap();
    assert_eq!((picture.width, picture.height), (64, 48));
    for (at, pixel) in picture.pixels.iter().enumerate() {
        // The green of this one is NaN.
        if at == 5 * 64 + 50 {
            assert_eq!(*pixel, NAN_COLOR);
            continue;
        }
        let wanted = &wanted[at * 3..at * 3 + 3];
        let bits = |values: &[f64]| values.iter().copied().map(f64::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(&pixel.map(f64::from)), bits(wanted), "{at}");
    }
}

#[test]
fn limits_and_stretch_act_on_three_arrays() {
    use crate::raster::Blend;
    use colored::ColorsAsk;
    let mut stage = Stage::new("image/colours.asdf", "bands/red");
    stage.send(ImageMsg::Typed(typed::Typed::Colors(ColorsAsk::Known)));
    let lupton = |stage: &Stage| match stage.pane.colored.as_ref().and_then(Colored::blend) {
        Some(Blend::Lupton(lupton)) => lupton,
        other => panic!("{other:?}"),
    };
    let first = lupton(&stage);
    // Each band has the lower limit that it has alone.
    let mut alone = Stage::new("image/colours.asdf", "bands/blue");
    let limits = |stage: &Stage| stage.pane.shown.limits.unwrap().values;
    assert!((first.minimum[2] - limits(&alone)[0]).abs() < 1e-12);
    stage.keys(&[ImageKey::RaiseUpper]);
    assert!((lupton(&stage).stretch / first.stretch - 1.1).abs() < 1e-12);
    stage.keys(&[ImageKey::Limits]);
    alone.keys(&[ImageKey::Limits]);
    assert!((lupton(&stage).minimum[2] - limits(&alone)[0]).abs() < 1e-12);
    assert!(lupton(&stage).stretch > first.stretch);
    stage.keys(&[ImageKey::Stretch, ImageKey::ResetLook]);
    assert_eq!(lupton(&stage), first);
}
