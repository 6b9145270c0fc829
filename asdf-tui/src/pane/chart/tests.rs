//! Stale answers.

use super::*;
use crate::pane::image::content::Content;
use crate::pane::image::cut::Cut;
use crate::pane::image::subject::Subject;
use asdf_core::TreePath;

fn subject() -> Subject {
    Subject {
        path: TreePath::parse("data").unwrap(),
        shape: vec![2, 2],
        datatype: "float32".to_owned(),
        channels: None,
        unit: String::new(),
        errors: None,
        flags: None,
        wcs: None,
        alike: Vec::new(),
    }
}

fn ask(kind: ChartKind) -> ChartAsk {
    ChartAsk {
        kind,
        content: Content::of(Arc::new(subject())),
        cut: Cut::new(&[2, 2]).unwrap(),
        pixel: [0, 0],
        limits: None,
        unit: String::new(),
        center: None,
        reach: 5.0,
        region: None,
        in_world: false,
    }
}

#[test]
fn an_old_answer_is_dropped_and_a_stopped_one_keeps_what_shows() {
    let mut pane = ChartPane::new(ChartKind::Row);
    let first = pane
        .update(ChartMsg::Ask(ask(ChartKind::Row)))
        .pop()
        .unwrap();
    let second = pane
        .update(ChartMsg::Ask(ask(ChartKind::Column)))
        .pop()
        .unwrap();
    pane.update(ChartMsg::Found(first.ticket, Some(Err("old".to_owned()))));
    assert!(pane.series().is_none() && pane.is_busy());
    pane.update(ChartMsg::Found(second.ticket, Some(Err("new".to_owned()))));
    assert_eq!(pane.series().unwrap().as_ref().unwrap_err(), "new");
    let third = pane
        .update(ChartMsg::Ask(ask(ChartKind::Row)))
        .pop()
        .unwrap();
    pane.update(ChartMsg::Found(third.ticket, None));
    assert_eq!(pane.series().unwrap().as_ref().unwrap_err(), "new");
    assert!(!pane.is_busy());
}
