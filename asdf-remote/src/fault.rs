//! What went wrong on the way, in words for people, without what may be secret.

use crate::store::Access;
use crate::traffic::Counter;
use asdf_core::Error;
use asdf_core::error::ErrorKind;
use std::error::Error as StdError;
use std::io;

/// An error of a store about an object; `access` says how it was asked for.
pub(crate) fn told(error: &object_store::Error, counter: &Counter, access: Access) -> Error {
    let status = counter.refusal();
    match error {
        object_store::Error::Precondition { .. } => ErrorKind::Changed.into(),
        object_store::Error::NotFound { .. } => fault(
            io::ErrorKind::NotFound,
            "there is no such object (404)".to_owned(),
        ),
        object_store::Error::PermissionDenied { .. } => refused(403, access, "object"),
        object_store::Error::Unauthenticated { .. } => refused(401, access, "object"),
        _ if is_bare_redirect(error) && matches!(access, Access::Web { .. }) => {
            let text =
                format!("the server answers with status {status}, and does not say where it is");
            fault(io::ErrorKind::Other, text)
        }
        _ if is_bare_redirect(error) => {
            let text =
                "the bucket is in another region: AWS_REGION or --endpoint says in which (301)";
            fault(io::ErrorKind::Other, text.to_owned())
        }
        _ if is_cut(error) => {
            let text = "the answer ended early, and the server gives no parts of objects, so that the rest cannot be asked for";
            fault(io::ErrorKind::UnexpectedEof, text.to_owned())
        }
        _ if status >= 400 && is_status(error) => {
            let text = format!("the server answers with status {status}");
            fault(io::ErrorKind::Other, text)
        }
        _ => {
            let inner = innermost(error);
            let kind = if inner.contains("timed out") {
                io::ErrorKind::TimedOut
            } else {
                io::ErrorKind::Other
            };
            fault(kind, inner)
        }
    }
}

/// As [`told`], about an object that is written.
pub(crate) fn told_of_upload(
    error: &object_store::Error,
    counter: &Counter,
    access: Access,
) -> Error {
    use object_store::Error as Remote;
    let is_taken = matches!(
        error,
        Remote::AlreadyExists { .. } | Remote::Precondition { .. } | Remote::NotModified { .. }
    );
    if is_taken {
        let text = "the object exists already".to_owned();
        return fault(io::ErrorKind::AlreadyExists, text);
    }
    match (error, counter.refusal()) {
        (Remote::NotFound { .. }, _) => fault(
            io::ErrorKind::NotFound,
            "there is no such bucket (404)".to_owned(),
        ),
        (Remote::PermissionDenied { .. }, _) => refused(403, access, "bucket"),
        (Remote::Unauthenticated { .. }, _) => refused(401, access, "bucket"),
        (_, 501) => fault(
            io::ErrorKind::Unsupported,
            "the server cannot write an object on the condition that there is none of its name (501)"
                .to_owned(),
        ),
        _ => told(error, counter, access),
    }
}

/// An error of reading or writing, in words.
pub(crate) fn fault(kind: io::ErrorKind, text: String) -> Error {
    io::Error::new(kind, text).into()
}

fn refused(status: u16, access: Access, what: &str) -> Error {
    let reason = match access {
        Access::Web { has_login: true } => "the user and the password of the URL do not allow it",
        Access::Web { has_login: false } => {
            "the web server does not give it to everybody (https://USER:PASSWORD@HOST/… says who asks)"
        }
        Access::Signed => "the credentials that were found do not allow it",
        Access::NoneFound => {
            "no credentials were found (--aws-profile, AWS_PROFILE, AWS_ACCESS_KEY_ID)"
        }
        Access::NotAsked => "--no-sign-request asks without credentials",
    };
    let text = format!("access is refused ({status}): {reason}, or there is no such {what}");
    fault(io::ErrorKind::PermissionDenied, text)
}

/// True for the redirect without a target that S3 gives for a bucket of another region.
fn is_bare_redirect(error: &object_store::Error) -> bool {
    chain(error).any(|error| error.to_string().contains("redirect without LOCATION"))
}

/// True when the rest of an answer that was cut cannot be asked for.
fn is_cut(error: &object_store::Error) -> bool {
    chain(error).any(|error| error.to_string().contains("Range request not supported"))
}

/// True when a status is what is wrong, and not the connection.
fn is_status(error: &object_store::Error) -> bool {
    chain(error).any(|error| {
        let text = error.to_string();
        text.contains("status code") || text.contains("error response")
    })
}

/// What is at the bottom: messages above it have the URL, with its query.
fn innermost(error: &object_store::Error) -> String {
    let last = chain(error).last().map(ToString::to_string);
    let text = last.unwrap_or_else(|| "the request failed".to_owned());
    let text: String = text.chars().filter(|char| !char.is_control()).collect();
    // A safeguard: what has a URL in it is not shown.
    if text.contains("://") {
        "the request failed".to_owned()
    } else {
        text
    }
}

fn chain<'e>(error: &'e object_store::Error) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    let first: &'e (dyn StdError + 'static) = error;
    std::iter::successors(Some(first), |error| (*error).source())
}
