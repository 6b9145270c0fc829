//! S3 with credentials and without.

use crate::moto::Moto;
use crate::{asdf, data, text};

#[test]
fn objects_with_and_without_credentials() {
    let Some(moto) = Moto::start() else {
        return;
    };
    let bytes = std::fs::read(data("made/roman_exposure.asdf")).unwrap();
    moto.put("night", b"");
    moto.put("night/open/x.asdf", &bytes);
    moto.put_for("private", "night/closed/y.asdf", &bytes);
    let endpoint = moto.endpoint();
    let folder = tempfile::tempdir().unwrap();
    let aws = folder.path().join("credentials");
    std::fs::write(
        &aws,
        "[night]\naws_access_key_id = SECRETID\naws_secret_access_key = SECRETKEY\n",
    )
    .unwrap();
    let run = |args: &[&str], profile: bool| {
        let mut command = asdf(args);
        command
            .args(["--endpoint", &endpoint])
            .env("AWS_SHARED_CREDENTIALS_FILE", &aws);
        if profile {
            command.args(["--aws-profile", "night"]);
        }
        let output = command.output().unwrap();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(!out.contains("SECRET") && !err.contains("SECRET"), "{err}");
        (output.status.code(), out, err)
    };
    let expected = text(
        &asdf(&["ls", data("made/roman_exposure.asdf").to_str().unwrap()])
            .output()
            .unwrap()
            .stdout,
    );
    for (name, profile) in [
        ("open/x.asdf", false),
        ("open/x.asdf", true),
        ("closed/y.asdf", true),
    ] {
        let (code, out, err) = run(&["ls", &format!("s3://night/{name}")], profile);
        assert_eq!(
            (code, out),
            (Some(0), expected.clone()),
            "{name} {profile}: {err}"
        );
    }
    let (code, _, err) = run(&["ls", "s3://night/closed/y.asdf"], false);
    assert_eq!(code, Some(2));
    assert!(
        err.contains("access is refused (403): no credentials were found"),
        "{err}"
    );
    let (code, _, err) = run(&["ls", "s3://night/no.asdf"], true);
    assert!(
        code == Some(2) && err.contains("there is no such object (404)"),
        "{err}"
    );
    let (code, out, err) = run(&["verify", "s3://night/"], true);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("s3://night/closed/y.asdf: ok") && out.contains("s3://night/open/x.asdf: ok"),
        "{out}"
    );
    let (code, _, err) = run(
        &["ls", "s3://night/open/x.asdf", "--aws-profile", "other"],
        false,
    );
    assert!(
        code == Some(2) && err.contains("there is no AWS profile other"),
        "{err}"
    );
}
