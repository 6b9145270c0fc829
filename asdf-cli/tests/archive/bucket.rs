//! A catalogue of objects beside one of files (features `archive` and `remote`), by `moto_server`.

use crate::bench::{Done, done, night, run};
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Columns that do not say where a file is and when it was written.
const COLUMNS: &str = "status,message,access_format,file_size,n_blocks,n_arrays,n_hdus,obs_id,filters,t_min,t_max,t_exptime,s_ra,s_dec,s_fov,s_region,s_pixel_scale,_healpix_29,healpix_cells,roman.meta.exposure.type,roman.meta.filename";

struct Moto(Child, u16);

impl Drop for Moto {
    fn drop(&mut self) {
        // It is gone when it cannot be ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server; `None`, which is told, where there is no program for it.
fn start() -> Option<Moto> {
    let program = std::env::var_os("ASDF_MOTO_SERVER").unwrap_or_else(|| "moto_server".into());
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let mut command = Command::new(program);
    command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let Ok(child) = child else {
        let is_required =
            std::env::var_os("ASDF_REQUIRE_SERVERS").is_some_and(|value| value == "1");
        assert!(!is_required, "there is no moto_server");
        eprintln!("SKIPPED: there is no moto_server (pip install 'moto[server]')");
        return None;
    };
    let moto = Moto(child, port);
    let begin = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        let waited = begin.elapsed();
        assert!(waited < Duration::from_secs(60), "it does not answer");
        std::thread::sleep(Duration::from_millis(100));
    }
    Some(moto)
}

fn put(port: u16, path: &str, body: &[u8]) {
    let mut line = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let length = body.len();
    let head = format!(
        "PUT /{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nx-amz-acl: public-read\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    line.write_all(head.as_bytes()).unwrap();
    line.write_all(body).unwrap();
    let mut reply = String::new();
    line.read_to_string(&mut reply).unwrap();
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
}

/// The rows of a catalogue, by the last part of the name of each file.
fn rows(at: &Path, catalogue: &str) -> Vec<String> {
    let table = ["table", "--from", catalogue, "-k", COLUMNS, "--to", "csv"];
    let done = run(at, &table);
    let mut rows: Vec<String> = done
        .out
        .lines()
        .skip(1)
        .map(|line| line.rsplit_once("night/").unwrap().1.to_owned())
        .collect();
    rows.sort();
    rows
}

/// Indexes the night in the bucket.
fn index_objects(at: &Path, port: u16) -> Done {
    let endpoint = format!("http://127.0.0.1:{port}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_asdf"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    command
        .args(["index", "s3://bucket/night/", "-o", "objects", "-v"])
        .args(["--no-config", "--no-sign-request", "--endpoint", &endpoint])
        .current_dir(at)
        .env("HOME", "/nonexistent")
        .env("NO_COLOR", "1");
    done(command.output().unwrap())
}

#[test]
fn objects_have_the_rows_that_files_have() {
    let Some(moto) = start() else {
        return;
    };
    let folder = night(20);
    let at = folder.path();
    put(moto.1, "bucket", b"");
    let mut count = 0;
    for entry in fs::read_dir(at.join("night")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        put(
            moto.1,
            &format!("bucket/night/{name}"),
            &fs::read(&path).unwrap(),
        );
        count += 1;
    }
    assert_eq!(run(at, &["index", "night", "-o", "files"]).code, Some(2));
    let index = || index_objects(at, moto.1);
    let indexed = index();
    // One file of the night cannot be read, wherever it is.
    assert_eq!(indexed.code, Some(2), "{}", indexed.err);
    let [files, objects] = ["files", "objects"].map(|name| rows(at, name));
    assert_eq!(files.len(), count);
    assert_eq!(objects, files);
    // Each object costs three round trips at most: both of its ends, and what of the tree or of the headers is between.
    let costs: Vec<(&str, u64)> = indexed
        .err
        .lines()
        .filter(|line| line.contains(" round trip"))
        .map(|line| {
            let (rest, _) = line.split_once(" round trip").unwrap();
            let number = rest.rsplit(' ').next().unwrap();
            (line, number.parse().unwrap())
        })
        .collect();
    assert!(costs.len() >= count, "{}", indexed.err);
    for (line, trips) in costs {
        let is_fits = line.contains(".fits");
        assert!(trips <= 3 || is_fits, "{line}");
    }
    // The list says what is as it was: only what could not be read is read again.
    let again = index();
    let wanted = format!("1 read, 1 cannot be read, {} unchanged", count - 1);
    assert!(again.out.starts_with(&wanted), "{}", again.out);
    // One object is another one now.
    let small = fs::read(at.join("night/small.asdf")).unwrap();
    put(moto.1, "bucket/night/r0003.asdf", &small);
    let again = index();
    assert!(again.out.starts_with("2 read"), "{}", again.out);
    assert_eq!(rows(at, "objects").len(), count);
}
