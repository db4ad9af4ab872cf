//! Every file that cannot be used is refused in one sentence that tells what to do, and the process lives.

use std::path::Path;

use imgshare_host::{Candidate, Refusal, RefusalKind};
use imgshare_testkit::{PluginFolder, library, library_with_flags};

/// Checks that the file is refused for this reason, with these words in the sentence.
fn check(path: &Path, kind: RefusalKind, words: &[&str]) {
    let refusal = refused(path);
    assert_eq!(refusal.kind, kind, "{refusal}");
    for word in words {
        assert!(refusal.sentence.contains(word), "{word:?} is not in: {}", refusal.sentence);
    }
}

fn refused(path: &Path) -> Refusal {
    let refusal = Candidate::at(path).load().expect_err("it cannot be used");
    let shown = refusal.to_string();
    assert!(!shown.contains('\n') && shown.len() < 400, "not one sentence: {shown}");
    assert!(!refusal.sentence.ends_with('.'), "{shown}");
    assert!(shown.starts_with(&path.display().to_string()), "does not name the file: {shown}");
    refusal
}

fn smallest() -> Vec<u8> {
    std::fs::read(library("smallest")).expect("a library that was built can be read")
}

/// The smallest plugin with one text in it changed for another of the same length.
fn smallest_with(text: &str, other: &str) -> Vec<u8> {
    changed(smallest(), text, other)
}

fn changed(mut bytes: Vec<u8>, text: &str, other: &str) -> Vec<u8> {
    assert_eq!(text.len(), other.len());
    let places = bytes.windows(text.len()).filter(|window| *window == text.as_bytes()).count();
    assert_eq!(places, 1, "{text} is not in the library exactly once");
    let at = bytes.windows(text.len()).position(|window| window == text.as_bytes()).expect("it was counted");
    bytes[at..at + text.len()].copy_from_slice(other.as_bytes());
    bytes
}

#[test]
fn a_text_file() {
    let folder = PluginFolder::empty();
    check(&folder.put("x", b"just text\n"), RefusalKind::NotALibrary, &["no ELF library"]);
}

#[test]
fn an_empty_file() {
    let folder = PluginFolder::empty();
    check(&folder.put("x", b""), RefusalKind::Empty, &["empty", "copy the plugin again"]);
}

#[test]
fn a_folder() {
    let folder = PluginFolder::empty();
    std::fs::create_dir(folder.file("x")).expect("a folder can be made");
    check(&folder.file("x"), RefusalKind::NotAFile, &["it is a folder"]);
}

#[test]
fn a_missing_file() {
    let folder = PluginFolder::empty();
    check(&folder.file("x"), RefusalKind::Missing, &["no such file", "mend the path"]);
}

#[test]
fn a_program() {
    let folder = PluginFolder::empty();
    let mut bytes = smallest();
    let executable = 2u16;
    bytes[16..18].copy_from_slice(&executable.to_le_bytes());
    check(&folder.put("x", &bytes), RefusalKind::NotALibrary, &["no dynamic library"]);
}

#[test]
fn a_library_that_is_cut_off_anywhere() {
    let folder = PluginFolder::empty();
    let whole = smallest();
    let steps = 64;
    let mut lengths: Vec<_> = (1..steps).map(|step| whole.len() * step / steps).collect();
    // Within the headers, at the edges of pages, and so late that only the table of sections is hurt.
    lengths.extend([20, 63, 64, 65, 4095, 4096, 4097]);
    lengths.extend([1, 2, 63, 64, 65, 1000].map(|missing| whole.len() - missing));
    for length in lengths {
        let refusal = refused(&folder.put("x", &whole[..length]));
        assert_eq!(refusal.kind, RefusalKind::Truncated, "{length} of {} bytes: {refusal}", whole.len());
    }
}

#[test]
fn a_library_whose_bytes_were_left_out_by_a_copy_that_broke_off_and_was_padded() {
    let folder = PluginFolder::empty();
    let mut bytes = smallest();
    let half = bytes.len() / 2;
    bytes[half..].fill(0);
    let refusal = refused(&folder.put("x", &bytes));
    assert!(matches!(refusal.kind, RefusalKind::Truncated | RefusalKind::NoPassport), "{refusal}");
}

#[test]
fn a_library_for_another_processor() {
    let folder = PluginFolder::empty();
    let aarch64 = 183u16;
    let mut bytes = smallest();
    bytes[18..20].copy_from_slice(&aarch64.to_le_bytes());
    check(&folder.put("x", &bytes), RefusalKind::OtherArchitecture, &["Aarch64", std::env::consts::ARCH]);
}

#[test]
fn a_library_for_another_processor_of_32_bits() {
    let folder = PluginFolder::empty();
    check(&folder.put("x", &arm_library()), RefusalKind::OtherArchitecture, &["Arm"]);
}

/// The 52 bytes that begin a 32-bit ARM library, with no segments and no sections.
fn arm_library() -> Vec<u8> {
    let mut bytes = b"\x7fELF\x01\x01\x01".to_vec();
    bytes.resize(52, 0);
    // A dynamic library, for ARM, of format version 1; its header's length.
    for (at, value) in [(16, 3u16), (18, 40), (20, 1), (40, 52)] {
        bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
    }
    bytes
}

#[test]
fn a_library_of_another_system() {
    let folder = PluginFolder::empty();
    let mach_o = [&0xfeed_facf_u32.to_le_bytes()[..], &[0; 60]].concat();
    check(&folder.put("x", &mach_o), RefusalKind::NotALibrary, &["no ELF library"]);
}

#[test]
fn a_library_without_a_passport() {
    check(&library("no-passport"), RefusalKind::NoPassport, &["no imgshare plugin", "imgshare-sdk"]);
}

#[test]
fn a_library_whose_passport_is_not_json() {
    let folder = PluginFolder::empty();
    let bytes = smallest_with(r#"{"imgshare":"provider""#, r#"["imgshare":"provider""#);
    check(&folder.put("x", &bytes), RefusalKind::NoPassport, &["no imgshare plugin"]);
}

#[test]
fn a_library_of_a_newer_boundary() {
    let folder = PluginFolder::empty();
    let bytes = smallest_with(r#""boundary":1"#, r#""boundary":2"#);
    check(
        &folder.put("x", &bytes),
        RefusalKind::OtherBoundary,
        &["version 2", "version 1", "update imgshare"],
    );
}

#[test]
fn a_library_of_a_newer_boundary_whose_passport_has_other_words() {
    let folder = PluginFolder::empty();
    let bytes = smallest_with(r#""boundary":1,"name":"#, r#""boundary":2,"nome":"#);
    let bytes = changed(bytes, r#""panic":"unwind""#, r#""panik":"unwind""#);
    check(&folder.put("x", &bytes), RefusalKind::OtherBoundary, &["update imgshare"]);
}

#[test]
fn a_library_of_an_older_boundary() {
    let folder = PluginFolder::empty();
    let bytes = smallest_with(r#""boundary":1"#, r#""boundary":0"#);
    check(&folder.put("x", &bytes), RefusalKind::OtherBoundary, &["version 0", "update the plugin"]);
}

#[test]
fn a_library_with_a_passport_and_no_root() {
    check(&library("no-root"), RefusalKind::OtherLayout, &["exports no root", "export_provider!"]);
}

#[test]
fn a_library_whose_root_has_another_layout_and_the_dump_is_kept_for_those_who_ask() {
    let refusal = refused(&library("other-layout"));
    assert_eq!(refusal.kind, RefusalKind::OtherLayout, "{refusal}");
    assert!(refusal.sentence.contains("its layout is another one"), "{refusal}");
    let dump = refusal.detail.expect("the difference is kept");
    assert!(dump.lines().count() > 20, "no dump: {dump}");
}

#[test]
fn a_library_that_was_built_with_panic_abort() {
    let aborts = library_with_flags("aborts", &["-C", "panic=abort"]);
    check(&aborts, RefusalKind::PanicAborts, &["panic = \"abort\"", "build it with panic = \"unwind\""]);
}

#[test]
fn a_library_that_cannot_say_what_it_is() {
    let library = library("cannot-describe");
    check(&library, RefusalKind::CannotDescribe, &["describe has a bug at", "cannot-describe/src/lib.rs:"]);
}

#[test]
fn two_files_that_claim_one_provider() {
    let folder = PluginFolder::with(&["smallest"]);
    let copy = folder.put("smallest-copy", &smallest());
    let refusal = folder.shelf().load(&"smallest".into()).expect_err("nobody knows which");
    assert_eq!(refusal.kind, RefusalKind::NameTaken);
    let both = [folder.file("smallest"), copy].map(|path| path.display().to_string());
    assert!(both.iter().all(|path| refusal.to_string().contains(path)), "{refusal}");
    assert!(!refusal.to_string().contains('\n'), "{refusal}");
}

#[cfg(unix)]
mod writable_by_others {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn allow(path: &Path, mode: u32) {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(path, permissions).expect("the mode of an own file can be set");
    }

    #[test]
    fn a_file() {
        let folder = PluginFolder::with(&["smallest"]);
        let file = folder.file("smallest");
        allow(&file, 0o666);
        let command = format!("chmod go-w {}", file.display());
        check(&file, RefusalKind::WritableByOthers, &["written to by other users", &command]);
    }

    #[test]
    fn its_folder() {
        let folder = PluginFolder::with(&["smallest"]);
        allow(folder.path(), 0o777);
        let command = format!("chmod go-w {}", folder.path().display());
        check(&folder.file("smallest"), RefusalKind::WritableByOthers, &["its folder", &command]);
    }

    #[test]
    fn a_folder_further_up() {
        let folder = PluginFolder::empty();
        let (above, below) = (folder.path().join("above"), folder.path().join("above/below"));
        std::fs::create_dir_all(&below).expect("folders can be made");
        let file = below.join("libsmallest.so");
        std::fs::write(&file, smallest()).expect("the folder can be written to");
        allow(&file, 0o644);
        allow(&above, 0o777);
        check(&file, RefusalKind::WritableByOthers, &[&above.display().to_string()]);
    }

    #[test]
    fn what_a_link_points_at() {
        let (folder, loose) = (PluginFolder::empty(), PluginFolder::with(&["smallest"]));
        allow(&loose.file("smallest"), 0o666);
        std::os::unix::fs::symlink(loose.file("smallest"), folder.file("smallest"))
            .expect("a link can be made");
        check(&folder.file("smallest"), RefusalKind::WritableByOthers, &["chmod go-w"]);
    }

    #[test]
    fn a_link_to_a_file_that_only_its_owner_can_write_is_fine() {
        let (folder, kept) = (PluginFolder::empty(), PluginFolder::with(&["smallest"]));
        std::os::unix::fs::symlink(kept.file("smallest"), folder.file("smallest"))
            .expect("a link can be made");
        assert!(folder.shelf().load(&"smallest".into()).is_ok());
    }
}

#[cfg(unix)]
#[test]
fn something_that_is_no_regular_file() {
    check(Path::new("/dev/null"), RefusalKind::NotAFile, &["not a regular file"]);
}
