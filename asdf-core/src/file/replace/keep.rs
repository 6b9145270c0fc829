//! What a new file keeps of the one that it replaces.

use crate::error::{Warning, WarningKind};
use std::fs::{File, Metadata};
use std::path::Path;

/// Gives `new` the owner, group, permissions, access control list and extended attributes of the file at
/// `target`, as far as the system permits; tells what could not be kept.
#[cfg(unix)]
pub(super) fn attributes(
    target: &Path,
    old: &Metadata,
    new: &File,
) -> std::io::Result<Vec<Warning>> {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let mut warnings = Vec::new();
    let mut lost = |what: &'static str| {
        warnings.push(Warning::new(WarningKind::AttributeLost { what }));
    };
    let mut own = new.metadata()?;
    if (own.uid(), own.gid()) != (old.uid(), old.gid()) {
        if fchown(new, Some(old.uid()), Some(old.gid())).is_err() {
            let _ = fchown(new, None, Some(old.gid()));
        }
        own = new.metadata()?;
    }
    if own.uid() != old.uid() {
        lost("owner");
    }
    let mut mode = old.mode() & 0o7777;
    if own.gid() != old.gid() {
        lost("group");
        // Another group gets what everybody has.
        mode = mode & !0o070 | (mode & 0o007) << 3;
    }
    if !extended(target, new) {
        lost("extended attributes");
    }
    new.set_permissions(Permissions::from_mode(mode))?;
    Ok(warnings)
}

#[cfg(not(unix))]
pub(super) fn attributes(
    _target: &Path,
    old: &Metadata,
    new: &File,
) -> std::io::Result<Vec<Warning>> {
    new.set_permissions(old.permissions())?;
    Ok(Vec::new())
}

/// Copies extended attributes, which hold access control lists too. False when one is missing afterwards.
#[cfg(target_os = "linux")]
fn extended(target: &Path, new: &File) -> bool {
    use rustix::fs::{XattrFlags, fsetxattr, getxattr, listxattr};
    use rustix::io::Errno;
    let is_none = |errno: Errno| matches!(errno, Errno::NOTSUP | Errno::NOSYS | Errno::PERM);
    let mut names = vec![0_u8; 1 << 16];
    let count = match listxattr(target, &mut names) {
        Ok(count) => count,
        Err(errno) => return is_none(errno),
    };
    names.truncate(count);
    let mut value = vec![0_u8; 1 << 16];
    let mut is_whole = true;
    for name in names
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
    {
        // What the system itself sets for each file.
        if name.starts_with(b"security.selinux") || name.starts_with(b"system.nfs4") {
            continue;
        }
        let copied = getxattr(target, name, &mut value).and_then(|count| {
            let value = value.get(..count).unwrap_or_default();
            fsetxattr(new, name, value, XattrFlags::empty())
        });
        is_whole &= copied.is_ok();
    }
    is_whole
}

#[cfg(all(unix, not(target_os = "linux")))]
fn extended(_target: &Path, _new: &File) -> bool {
    true
}
