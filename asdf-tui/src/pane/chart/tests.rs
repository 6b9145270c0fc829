//! Stale answers.

use super::*;
use crate::pane::image::cut::Cut;
use asdf_core::TreePath;

fn ask(kind: ChartKind) -> ChartAsk {
    ChartAsk {
        kind,
        path: TreePath::parse("data").unwrap(),
        cut: Cut::new(&[2, 2]).unwrap(),
        pixel: [0, 0],
        limits: None,
        unit: String::new(),
        center: None,
        reach: 5.0,
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
