//! Runs the built command in the workspace's folder, so that paths are the same everywhere.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// One run of `asdf`.
pub(crate) struct Asdf {
    pub(crate) command: Command,
    stdin: Vec<u8>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The folder that holds `asdf-cli`.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The arguments, separated by single blanks.
pub(crate) fn asdf(arguments: &str) -> Asdf {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asdf"));
    command.args(arguments.split(' ')).current_dir(workspace());
    command
        .env("COLUMNS", "80")
        .env("NO_COLOR", "1")
        .env_remove("CLICOLOR_FORCE")
        // Nothing that the person who runs the tests has added.
        .env("ASDF_SCHEMAS", workspace().join("no-such-folder"));
    Asdf {
        command,
        stdin: Vec::new(),
    }
}

impl Asdf {
    /// A run of another command, which runs it.
    #[cfg(target_os = "linux")]
    pub(crate) fn of(command: Command) -> Self {
        Self {
            command,
            stdin: Vec::new(),
        }
    }

    pub(crate) fn columns(mut self, columns: u16) -> Self {
        self.command.env("COLUMNS", columns.to_string());
        self
    }

    pub(crate) fn stdin(mut self, bytes: Vec<u8>) -> Self {
        self.stdin = bytes;
        self
    }

    pub(crate) fn command(self) -> Command {
        self.command
    }

    pub(crate) fn run(mut self) -> Done {
        self.command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let bytes = self.stdin;
        let writer = std::thread::spawn(move || stdin.write_all(&bytes));
        let Output {
            status,
            stdout,
            stderr,
        } = child.wait_with_output().unwrap();
        // A command that refuses early does not read to the end.
        let _ = writer.join();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Done {
            code: status.code(),
            out: text(stdout),
            err: text(stderr),
        }
    }

    /// Standard output, then the lines of standard error and the exit code, if there is anything to say.
    pub(crate) fn screen(self) -> String {
        let Done { code, out, err } = self.run();
        let mut screen = out;
        if !err.is_empty() {
            screen.push_str("--- standard error\n");
            screen.push_str(&err);
        }
        if code != Some(0) {
            screen.push_str(&format!("--- exit code {code:?}\n"));
        }
        screen
    }
}
