//! Files of a server are those of the disk.

use crate::server::Server;
use crate::{data, exposure, options};
use asdf_core::{AsdfFile, OpenOptions};

/// What an open file says, as text.
fn told(file: &AsdfFile) -> String {
    let mut out = format!(
        "{:?} {:?}\n{}",
        file.header(),
        file.block_table(),
        file.tree().text()
    );
    for (path, _) in file.arrays().into_iter().flatten() {
        let loaded = file.array(&path).and_then(|array| array.load());
        let text = match loaded {
            Ok(data) => format!("{:?}", data.to_le_bytes()),
            Err(error) => error.kind().to_string(),
        };
        out += &format!("{path}: {text}\n");
    }
    out
}

#[test]
fn files_that_can_be_read_and_broken_ones() {
    let server = Server::start();
    let (open, _) = options();
    let mut count = 0;
    for folder in ["made", "bad", "fits"] {
        for entry in data(folder).read_dir().unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let is_json = path.extension().is_some_and(|end| end == "json");
            if !path.is_file() || is_json || path.metadata().unwrap().len() > 2 << 20 {
                continue;
            }
            server.put(&name, std::fs::read(&path).unwrap());
            let there = open.open(server.url(&name));
            let here = OpenOptions::default().open(&path);
            match (there, here) {
                (Ok(there), Ok(here)) => {
                    // What lies beside the file is served as soon as its turn comes.
                    if !here.tree().text().contains("source: ") {
                        assert!(told(&there) == told(&here), "{name}");
                    }
                }
                (Err(there), Err(here)) => {
                    assert_eq!(there.kind().to_string(), here.kind().to_string(), "{name}");
                    assert_eq!(there.place().span, here.place().span, "{name}");
                }
                (there, here) => panic!("{name}: {:?}, {:?}", there.err(), here.err()),
            }
            count += 1;
        }
    }
    assert!(count > 200, "{count}");
}

#[test]
fn what_lies_beside_a_file_is_opened_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = AsdfFile::open(data("made/roman_exposure.asdf")).unwrap();
    let path = folder.path().join("x.asdf");
    let draft = "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n\
        data: !core/ndarray-1.1.0 {source: 'part%201.asdf', datatype: float32, byteorder: little, shape: [64, 64]}\n\
        out: !core/ndarray-1.1.0 {source: '../part.asdf', datatype: float32, byteorder: little, shape: [64, 64]}\n...\n";
    std::fs::write(&path, draft).unwrap();
    // A file with one block, which the other one names.
    let block = file
        .array("roman/data")
        .unwrap()
        .load()
        .unwrap()
        .to_le_bytes();
    let mut part = b"#ASDF 1.0.0\n\xd3BLK\0\x30\0\0\0\0\0\0\0\0".to_vec();
    for _ in 0..3 {
        part.extend_from_slice(&(block.len() as u64).to_be_bytes());
    }
    part.extend_from_slice(&[0; 16]);
    part.extend_from_slice(&block);
    let server = Server::of("night/x.asdf", std::fs::read(path).unwrap());
    server.put("night/part 1.asdf", part.clone());
    server.put("part.asdf", part);
    let (open, _) = options();
    let there = open.open(server.url("night/x.asdf")).unwrap();
    let loaded = there.array("data").unwrap().load().unwrap();
    assert_eq!(loaded.to_le_bytes(), block);
    let error = there.array("out").unwrap_err().to_string();
    assert!(error.contains("leads out of the file's folder"), "{error}");
    let heads = server.state.heads.lock().unwrap();
    assert!(
        heads.iter().all(|head| head.starts_with("GET /night/")),
        "{heads:?}"
    );
}

#[test]
fn a_file_that_is_compressed_as_a_whole() {
    let bytes = std::fs::read(data("fits/whole.fits.gz")).unwrap();
    let server = Server::of("whole.fits.gz", bytes);
    let (open, _) = options();
    let there = open.open(server.url("whole.fits.gz")).unwrap();
    let here = AsdfFile::open(data("fits/whole.fits.gz")).unwrap();
    assert_eq!(there.fits().unwrap().len(), here.fits().unwrap().len());
}

#[test]
fn nothing_secret_is_said_and_all_of_it_is_sent() {
    let server = Server::of("x.asdf", exposure());
    let (open, remote) = options();
    let url = server
        .url("x.asdf?X-Amz-Signature=SECRETKEY")
        .replace("http://", "http://me:SECRETWORD@");
    let file = open.open(&url).unwrap();
    assert_eq!(file.name().to_string_lossy(), server.url("x.asdf"));
    assert_eq!(remote.traffic().len(), 1);
    assert_eq!(remote.traffic()[0].name, server.url("x.asdf"));
    let head = server.state.heads.lock().unwrap()[0].clone();
    assert!(head.contains("?X-Amz-Signature=SECRETKEY"), "{head}");
    assert!(
        head.to_lowercase().contains("authorization: basic"),
        "{head}"
    );
    // By what is shown it is found again.
    assert!(open.open(file.name()).is_ok());
    let wrong = open
        .open("http://me:SECRETWORD@[/x?token=SECRETKEY")
        .unwrap_err();
    assert!(!wrong.to_string().contains("SECRET"), "{wrong}");
}
