//! The disk layer: nothing is overwritten that somebody else wrote, and what was edited outlives the program.

use sandtable::model::edit::{self, Edit, History, Put};
use sandtable::model::reflect::to_ron;
use sandtable::model::{ElementId, Model, Section, Slug, Text};
use sandtable::store::disk::{self, DiskError, SaveError, Stamp, Sum, changed_since, read_text, save};
use sandtable::store::document::{OpenDocument, OpenError};
use sandtable::store::journal::{Journal, JournalError, recoverable};
use sandtable::store::lock::{LockError, ModelLock};
use sandtable::store::places::Places;
use sandtable::store::ron::load;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

const COMMENTED: &str = include_str!("fixtures/commented.ron");

/// A workspace of its own, with a model in it.
struct Bench {
    folder: tempfile::TempDir,
    places: Places,
    model: PathBuf,
}

fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    fs::create_dir(root.join("models")).unwrap();
    let model = root.join("models/portal.ron");
    fs::write(&model, COMMENTED).unwrap();
    Bench { places: Places::new(root.join("state"), root.join("config")), model, folder }
}

impl Bench {
    fn journals(&self) -> Vec<PathBuf> {
        names_in(&self.places.journals()).iter().map(|name| self.places.journals().join(name)).collect()
    }

    fn open(&self) -> OpenDocument {
        OpenDocument::open(&self.places, &self.model).unwrap()
    }

    /// A journal as another process might have left it.
    fn plant(&self, lines: &str) {
        let (mut edits, base) = (sample_edits(), Sum::of(COMMENTED.as_bytes()));
        edits.truncate(1);
        let mut journal = Journal::open(&self.places, &self.model, &base, "planted").unwrap();
        journal.append(&edits[0]).unwrap();
        let mut file = File::options().append(true).open(journal.path()).unwrap();
        file.write_all(lines.as_bytes()).unwrap();
        drop(journal);
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn base_model() -> Model {
    load(COMMENTED).unwrap().model
}

/// Edits of each kind: a new element with hostile text, a change, a removal, a title.
fn sample_edits() -> Vec<Edit> {
    let mut model = base_model();
    let mut edits = Vec::new();
    let (add, id) = edit::add(&model, Section::Datasets, "Lab \"results\"\n\\ é \u{1b}[31m");
    for step in 0..4 {
        let edit = match step {
            0 => add.clone(),
            1 => edit::set_field(&model, &id, "tags", Some(&to_ron(&vec!["a\nb", "c"]))).unwrap(),
            2 => edit::remove(&model, &[model.ids().next().unwrap()]).edit,
            _ => Edit { title: Some(Text::new("Renamed")), ..Edit::new("rename", Vec::new()) },
        };
        edit.apply(&mut model);
        edits.push(edit);
    }
    edits
}

fn after(edits: &[Edit]) -> Model {
    let mut model = base_model();
    for edit in edits {
        edit.apply(&mut model);
    }
    model
}

fn counted_edit(number: usize) -> Edit {
    let id = ElementId::new(Section::Parking, Slug::new(&format!("idea-{number}")).unwrap());
    Edit::put(format!("edit {number}"), id, Section::Parking.blank())
}

/// This binary again, doing what [`child`] says. The launcher may wrap it.
fn child_command(launcher: &[&str], mode: &str, bench: &Bench, target: &Path) -> Command {
    let own = std::env::current_exe().unwrap().into_os_string().into_string().unwrap();
    let mut words: Vec<String> = launcher.iter().map(|word| (*word).to_owned()).collect();
    words.extend([own, "--exact".into(), "store::child".into(), "--nocapture".into()]);
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).env("STORE_CHILD", mode).env("STORE_TARGET", target);
    command.env("SANDTABLE_STATE_DIR", bench.places.state()).env("SANDTABLE_CONFIG_DIR", bench.places.config());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    command
}

/// Waits until the child says a word at the beginning of a line; what follows is returned.
fn wait_for(child: &mut Child, word: &str) -> String {
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    for line in lines {
        // The test harness says things of its own on the same line.
        if let Some((_, rest)) = line.unwrap().split_once(word) {
            return rest.to_owned();
        }
    }
    panic!("the child ended before it said {word}");
}

/// Not a test: what the children of the tests do.
#[test]
fn child() {
    let Ok(mode) = std::env::var("STORE_CHILD") else { return };
    let target = PathBuf::from(std::env::var_os("STORE_TARGET").unwrap());
    let places = Places::find().unwrap();
    match mode.as_str() {
        "edit" => {
            let mut document = OpenDocument::open(&places, &target).unwrap();
            for edit in sample_edits() {
                document.record(&edit).unwrap();
            }
            println!("\nREADY");
            std::thread::sleep(Duration::from_secs(60));
        }
        "stream" => {
            let mut document = OpenDocument::open(&places, &target).unwrap();
            for number in 0.. {
                document.record(&counted_edit(number)).unwrap();
                println!("\nDONE {number}");
            }
        }
        "save-forever" => {
            println!("\nREADY");
            let (long, short) = ("a".repeat(3_000_000), "b".repeat(10));
            // Ends by itself where the test that should kill it has failed.
            let start = Instant::now();
            while start.elapsed() < Duration::from_secs(20) {
                for text in [&long, &short] {
                    let stamp = Stamp::of(&target).unwrap();
                    save(&target, text, Some(&stamp)).unwrap();
                }
            }
        }
        "save" => {
            let stamp = Stamp::of(&target).ok();
            match save(&target, &"x".repeat(300_000), stamp.as_ref()) {
                Ok(_) => println!("\nRESULT saved"),
                Err(error) => println!("\nRESULT {error}"),
            }
        }
        "journal" => {
            let mut journal = Journal::open(&places, &target, &Sum::of(COMMENTED.as_bytes()), "x").unwrap();
            let errors = (0..2_000).filter(|number| journal.append(&counted_edit(*number)).is_err()).count();
            println!("\nRESULT {errors}");
        }
        other => panic!("{other}"),
    }
}

#[cfg(unix)]
#[test]
fn a_save_keeps_mode_and_link_and_leaves_nothing_else() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let bench = bench();
    let link = bench.folder.path().join("link.ron");
    symlink("models/portal.ron", &link).unwrap();
    for mode in [0o640, 0o600, 0o664, 0o755] {
        fs::set_permissions(&bench.model, fs::Permissions::from_mode(mode)).unwrap();
        let stamp = read_text(&link).unwrap().stamp;
        let saved = save(&link, &format!("mode {mode:o}"), Some(&stamp)).unwrap();
        assert_eq!(fs::metadata(&bench.model).unwrap().mode() & 0o7777, mode);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&bench.model).unwrap(), format!("mode {mode:o}"));
        assert_eq!(Stamp::of(&bench.model).unwrap().sha256, saved.sha256);
        assert!(!changed_since(&link, &saved).unwrap());
    }
    // A new file gets what the umask leaves.
    let (new, plain) = (bench.model.with_file_name("new.ron"), bench.model.with_file_name("plain"));
    save(&new, "new", None).unwrap();
    File::create(&plain).unwrap();
    assert_eq!(fs::metadata(&new).unwrap().mode(), fs::metadata(&plain).unwrap().mode());
    assert_eq!(names_in(bench.model.parent().unwrap()), ["new.ron", "plain", "portal.ron"]);
}

#[cfg(unix)]
#[test]
fn what_is_no_text_file_is_refused_at_once() {
    use std::os::unix::fs::symlink;
    let bench = bench();
    let at = |name: &str| bench.folder.path().join(name);
    assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    File::create(at("sparse")).unwrap().set_len(200 << 20).unwrap();
    fs::write(at("latin"), b"one\ntwo \xe9\n").unwrap();
    symlink("nowhere", at("dangling")).unwrap();
    symlink("loop", at("loop")).unwrap();
    for (path, says) in [
        (at("pipe"), "a pipe or a device"),
        (PathBuf::from("/dev/zero"), "a pipe or a device"),
        (at("models"), "a folder"),
        (at("sparse"), "larger than 64 MiB"),
        (at("latin"), "latin:2: byte 9 "),
        (at("absent"), "no such file"),
        (at("dangling"), "link can not be followed"),
        (at("loop"), "symbolic link"),
        (at("latin/inside"), "Not a directory"),
        (at("a\u{1b}[31m\u{202e}b"), "a\u{fffd}[31m\u{fffd}b"),
    ] {
        let start = Instant::now();
        let message = read_text(&path).unwrap_err().to_string();
        assert!(message.contains(says), "{message}");
        assert!(start.elapsed() < Duration::from_secs(1), "{message}");
        assert!(OpenDocument::open(&bench.places, &path).is_err());
    }
    for (path, says) in [
        (at("dangling"), "link can not be followed"),
        (at("loop"), "link can not be followed"),
        (at("gone/new.ron"), "no such folder"),
        (at("latin/new.ron"), "no such folder"),
        (at("pipe"), "there is such a file already"),
        (at("models"), "there is such a file already"),
    ] {
        let message = save(&path, "text", None).unwrap_err().to_string();
        assert!(message.contains(says), "{message}");
    }
}

#[test]
fn what_somebody_else_did_is_not_overwritten() {
    type Deed = fn(&Path);
    let old = SystemTime::now() - Duration::from_secs(3_600);
    let deeds: [(&str, Deed); 5] = [
        ("somebody changed", |path| fs::write(path, "other").unwrap()),
        ("somebody changed", |path| {
            // The same length and the same time.
            let modified = fs::metadata(path).unwrap().modified().unwrap();
            fs::write(path, COMMENTED.replace("format: 1", "format: 2")).unwrap();
            File::options().write(true).open(path).unwrap().set_modified(modified).unwrap();
        }),
        ("somebody moved or deleted", |path| fs::remove_file(path).unwrap()),
        ("read-only", |path| {
            let mut permissions = fs::metadata(path).unwrap().permissions();
            permissions.set_readonly(true);
            fs::set_permissions(path, permissions).unwrap();
        }),
        ("no such folder", |path| fs::remove_dir_all(path.parent().unwrap()).unwrap()),
    ];
    for (says, deed) in deeds {
        let bench = bench();
        File::options().write(true).open(&bench.model).unwrap().set_modified(old).unwrap();
        let stamp = read_text(&bench.model).unwrap().stamp;
        assert!(!changed_since(&bench.model, &stamp).unwrap());
        deed(&bench.model);
        let before = fs::read(&bench.model).ok();
        assert_eq!(changed_since(&bench.model, &stamp).unwrap(), says != "read-only");
        let message = save(&bench.model, "mine", Some(&stamp)).unwrap_err().to_string();
        assert!(message.contains(says), "{message}");
        assert_eq!(fs::read(&bench.model).ok(), before);
        assert!(names_in(&bench.folder.path().join("models")).len() <= 1);
    }
    let bench = bench();
    assert!(matches!(save(&bench.model, "mine", None), Err(SaveError::Exists(_))));
    let stamp = Stamp::of(&bench.model).unwrap();
    // Written anew with the same bytes, or touched: nothing to merge.
    fs::write(&bench.model, COMMENTED).unwrap();
    assert!(!changed_since(&bench.model, &stamp).unwrap());
    assert!(save(&bench.model, "mine", Some(&stamp)).is_ok());
    let big = "x".repeat(usize::try_from(disk::MAX_FILE).unwrap() + 1);
    assert!(matches!(save(&bench.model, &big, Some(&stamp)), Err(SaveError::TooLarge(_))));
}

/// The old file is intact after a save that failed for want of space or of rights.
#[cfg(target_os = "linux")]
#[test]
fn a_failed_write_leaves_the_old_file() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    let bench = bench();
    let result = |command: &mut Command| {
        let mut child = command.spawn().unwrap();
        let result = wait_for(&mut child, "RESULT ");
        child.wait().unwrap();
        result
    };
    let intact = || {
        assert_eq!(fs::read_to_string(&bench.model).unwrap(), COMMENTED);
        assert_eq!(names_in(bench.model.parent().unwrap()), ["portal.ron"]);
    };
    // A limit on the size of files stands in for a full disk where no small disk can be had.
    let limit = ["sh", "-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"];
    let message = result(&mut child_command(&limit, "save", &bench, &bench.model));
    assert!(message.contains("no space left") && message.contains("nothing was changed"), "{message}");
    intact();
    // A journal that the disk refuses says so at every edit from there on.
    let errors: usize = result(&mut child_command(&limit, "journal", &bench, &bench.model)).parse().unwrap();
    assert!(errors > 0 && errors < 2_000, "{errors}");
    let found = recoverable(&bench.places, &bench.model).unwrap();
    assert_eq!(found[0].count(), 2_000 - errors);
    assert!(found[0].damage.is_none());

    let script = "mount -t tmpfs -o size=128k tmpfs \"$0\" && cp \"$1\" \"$0\" && shift && \"$@\"; \
                  echo; echo \"AFTER $(ls -A \"$0\" | wc -l) $(cksum < \"$0/portal.ron\")\"";
    let small = bench.folder.path().join("small");
    fs::create_dir(&small).unwrap();
    let small_name = small.to_str().unwrap().to_owned();
    let mut launcher = vec!["unshare", "--mount", "sh", "-c", script, &small_name, bench.model.to_str().unwrap()];
    if !is_root() {
        launcher.insert(1, "--map-root-user");
    }
    let output = child_command(&launcher, "save", &bench, &small.join("portal.ron")).output();
    match output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()) {
        Ok(said) if said.contains("RESULT") => {
            assert!(said.contains("no space left") && said.contains("nothing was changed"), "{said}");
            let sum = Command::new("cksum").stdin(File::open(&bench.model).unwrap()).output().unwrap();
            let sum = String::from_utf8(sum.stdout).unwrap();
            assert!(said.contains(&format!("AFTER 1 {}", sum.trim())), "{said}");
        }
        other => eprintln!("skipped: a full tmpfs can not be had here ({other:?})"),
    }

    // Root may write everywhere, so the child becomes nobody.
    let folder = bench.model.parent().unwrap();
    let mode = fs::metadata(folder).unwrap().mode();
    fs::set_permissions(bench.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o555)).unwrap();
    let mut command = child_command(&[], "save", &bench, &bench.model);
    if is_root() {
        command.uid(65_534).gid(65_534);
    }
    match command.spawn() {
        Ok(mut child) => {
            let message = wait_for(&mut child, "RESULT ");
            child.wait().unwrap();
            assert!(message.contains("the folder may not be written"), "{message}");
        }
        Err(error) => eprintln!("skipped: the child can not become nobody ({error})"),
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
    intact();
}

/// A file of another owner keeps the owner where that is allowed; where not, nobody else gains a right.
#[cfg(target_os = "linux")]
#[test]
fn a_save_gives_nobody_a_right_they_did_not_have() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    if !is_root() {
        return eprintln!("skipped: only root can give files away");
    }
    let bench = bench();
    let set_mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let is = || fs::metadata(&bench.model).map(|meta| (meta.uid(), meta.gid(), meta.mode() & 0o7777)).unwrap();
    chown(&bench.model, Some(1_234), Some(1_235)).unwrap();
    set_mode(&bench.model, 0o660);
    save(&bench.model, "by root", Some(&Stamp::of(&bench.model).unwrap())).unwrap();
    assert_eq!(is(), (1_234, 1_235, 0o660));
    set_mode(bench.folder.path(), 0o755);
    set_mode(bench.model.parent().unwrap(), 0o777);
    for (group, mode, then) in [(1_235, 0o664, (65_534, 65_534, 0o644)), (65_534, 0o4674, (65_534, 65_534, 0o674))] {
        chown(&bench.model, Some(1_234), Some(group)).unwrap();
        set_mode(&bench.model, mode);
        let mut command = child_command(&[], "save", &bench, &bench.model);
        let Ok(mut child) = command.uid(65_534).gid(65_534).spawn() else {
            return eprintln!("skipped: the child can not become nobody");
        };
        assert_eq!(wait_for(&mut child, "RESULT "), "saved");
        child.wait().unwrap();
        assert_eq!(is(), then);
    }
}

#[cfg(target_os = "linux")]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").unwrap().uid() == 0
}

#[cfg(unix)]
#[test]
fn a_save_that_is_killed_leaves_one_text_or_the_other() {
    for round in 0..8u64 {
        let bench = bench();
        fs::write(&bench.model, "bbbbbbbbbb").unwrap();
        let mut child = child_command(&[], "save-forever", &bench, &bench.model).spawn().unwrap();
        wait_for(&mut child, "READY");
        std::thread::sleep(Duration::from_millis(3 + round * 7));
        child.kill().unwrap();
        child.wait().unwrap();
        let bytes = fs::read(&bench.model).unwrap();
        // What a killed save leaves beside the model is cleared away later, but not from under a living one.
        let other = bench.model.with_file_name("other.ron");
        fs::write(&other, COMMENTED).unwrap();
        let beside = || names_in(bench.model.parent().unwrap()).len();
        let left = beside();
        OpenDocument::open(&bench.places, &other).unwrap();
        assert_eq!(beside(), left);
        let own = bench.model.with_file_name(".sandtable-notes.tmp");
        fs::write(&own, "not of this program").unwrap();
        for name in names_in(bench.model.parent().unwrap()) {
            let file = File::options().write(true).open(bench.model.with_file_name(name)).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(7_200)).unwrap();
        }
        OpenDocument::open(&bench.places, &other).unwrap();
        assert_eq!(beside(), 3);
        assert!(own.exists());
        let whole = bytes == b"bbbbbbbbbb" || (bytes.len() == 3_000_000 && bytes.iter().all(|byte| *byte == b'a'));
        assert!(whole, "{} bytes", bytes.len());
    }
}

#[cfg(unix)]
#[test]
fn kill_9_loses_no_edit_and_frees_the_lock() {
    let bench = bench();
    let mut child = child_command(&[], "edit", &bench, &bench.model).spawn().unwrap();
    wait_for(&mut child, "READY");
    // A second instance is told by whom, and is offered nothing that is alive.
    match OpenDocument::open(&bench.places, &bench.model) {
        Err(OpenError::Held(LockError::Held { by, .. })) => {
            assert_eq!(by.pid, child.id());
            assert!(by.held_for().unwrap() < Duration::from_secs(60));
            assert!(by.to_string().contains(&format!("process {}", child.id())), "{by}");
        }
        other => panic!("{other:?}"),
    }
    let mut looking = OpenDocument::open_anyway(&bench.places, &bench.model).unwrap();
    assert!(!looking.is_locked());
    assert!(looking.take_warnings()[0].contains("open already"));
    assert!(recoverable(&bench.places, &bench.model).unwrap().is_empty());
    drop(looking);
    child.kill().unwrap();
    child.wait().unwrap();

    let mut document = bench.open();
    assert!(document.is_locked() && document.take_warnings().is_empty());
    let mut found = recoverable(&bench.places, &bench.model).unwrap();
    assert_eq!(found.len(), 1);
    let recovery = found.remove(0);
    let names: Vec<String> = sample_edits().iter().map(|edit| edit.name.clone()).collect();
    assert_eq!(recovery.names().collect::<Vec<_>>(), names);
    assert_eq!(recovery.edits(), sample_edits());
    assert!(recovery.base_matches && recovery.pid == child.id());
    assert!(recovery.age().unwrap() < Duration::from_secs(60));
    assert_eq!(recovery.replay(document.base()).unwrap(), after(&sample_edits()));
    // While it is in hand, nobody else is offered it.
    assert!(recoverable(&bench.places, &bench.model).unwrap().is_empty());
    // The edits are taken over and saved; then nothing is left.
    let model = recovery.replay(document.base()).unwrap();
    for edit in recovery.edits() {
        document.record(edit).unwrap();
    }
    document.sync().unwrap();
    recovery.discard().unwrap();
    document.save(&model).unwrap();
    assert_eq!(document.unsaved(), 0);
    drop(document);
    assert!(bench.journals().is_empty());
    assert_eq!(load(&fs::read_to_string(&bench.model).unwrap()).unwrap().model, model);
}

#[cfg(unix)]
#[test]
fn every_edit_that_was_acknowledged_is_recovered() {
    let bench = bench();
    let mut child = child_command(&[], "stream", &bench, &bench.model).spawn().unwrap();
    let mut last = 0;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        if let Some(number) = line.unwrap().strip_prefix("DONE ") {
            last = number.parse().unwrap();
            if last == 300 {
                child.kill().unwrap();
            }
        }
    }
    child.wait().unwrap();
    let found = recoverable(&bench.places, &bench.model).unwrap();
    assert!(found[0].count() > last && found[0].damage.is_none(), "{} of {last}", found[0].count());
    for (number, edit) in found[0].edits().iter().enumerate() {
        assert_eq!(*edit, counted_edit(number));
    }
}

#[test]
fn a_journal_is_read_as_far_as_it_makes_sense() {
    let line = |section: &str, slug: &str, element: &str| {
        format!("Edit(name:\"x\",title:None,puts:[(section:\"{section}\",slug:\"{slug}\",element:{element})])\n")
    };
    let good = line("parking", "idea", "Some(\"(title:\\\"\\u{1b}\\u{202e}\\\")\")");
    let deep = line("parking", "idea", &format!("Some(\"(title:{})\")", "[".repeat(50_000)));
    let digits = "0".repeat(64);
    for (lines, edits, says) in [
        (good.clone(), 2, None),
        (good.trim_end().to_owned(), 1, None),
        (good[..good.len() / 2].to_owned(), 1, None),
        ("\0\0\0\0".to_owned(), 1, None),
        (format!("\n{good}"), 1, Some("ronl:3: ")),
        (format!("{good}nonsense\n{good}"), 2, Some("ronl:4: ")),
        (line("nowhere", "idea", "None"), 1, Some("there is no section `nowhere`")),
        (line("parking", "../etc", "None"), 1, Some("is not a slug")),
        (line("parking", "", "None"), 1, Some("a slug is empty")),
        (line("parking", "idea", "Some(\"(title: 3)\")"), 1, Some("parking/idea: ")),
        (deep, 1, Some("parking/idea: ")),
        (format!("Saved(\"{digits}\")\n{good}"), 1, None),
        (format!("Saving(\"{digits}\")\n{good}"), 2, None),
        (format!("Saving(\"{}\")\n{good}", Sum::of(COMMENTED.as_bytes())), 1, None),
        ("Saved(\"123\")\n".to_owned(), 1, Some("64 digits")),
        (format!("Journal(format:1,path:\"x\",sha256:\"{digits}\",pid:1,title:\"\")\n"), 1, Some("second journal")),
    ] {
        let bench = bench();
        bench.plant(&lines);
        let found = recoverable(&bench.places, &bench.model).unwrap();
        let shown: String = lines.chars().take(200).collect();
        assert_eq!(found[0].count(), edits, "{shown}");
        let replayed = found[0].replay(&base_model());
        match says {
            None => assert!(replayed.is_ok(), "{shown}: {replayed:?}"),
            Some(says) => {
                let message = replayed.unwrap_err().to_string();
                assert!(message.contains(says) && message.len() < 1_000, "{shown}: {message}");
                assert_eq!(found[0].replay_sound(&base_model()).len(), base_model().len() + edits);
            }
        }
        for edit in found[0].edits() {
            assert!(edit.puts.iter().all(|put| {
                put.element.as_ref().is_none_or(|e| !e.title().as_str().contains(['\u{1b}', '\u{202e}']))
            }));
        }
    }
    // Not a journal at all, a future one, one of another file, one too large, one that says nothing.
    for (text, says) in [
        ("garbage\n", Some("ronl:1: ")),
        ("Journal(format:9,path:\"PATH\",sha256:\"0\",pid:1,title:\"\")\n", Some("format 9")),
        ("Journal(format:1,path:\"/elsewhere\",sha256:\"0\",pid:1,title:\"\")\n", None),
        ("", None),
        ("Journal(form", None),
    ] {
        let bench = bench();
        bench.plant("");
        let path = bench.journals().remove(0);
        fs::write(&path, text.replace("PATH", bench.model.to_str().unwrap())).unwrap();
        let found = recoverable(&bench.places, &bench.model).unwrap();
        match says {
            None => assert!(found.is_empty(), "{text}"),
            Some(says) => {
                let message = found[0].replay(&base_model()).unwrap_err().to_string();
                assert!(message.contains(says), "{message}");
            }
        }
        // What belongs to another file is left alone; what holds no edit is cleared away.
        assert_eq!(path.exists(), text.ends_with('\n'), "{text}");
    }
    let bench = bench();
    bench.plant("");
    let path = bench.journals().remove(0);
    File::options().write(true).open(path).unwrap().set_len(200 << 20).unwrap();
    let found = recoverable(&bench.places, &bench.model).unwrap();
    assert!(found[0].replay(&base_model()).unwrap_err().to_string().contains("larger than 64 MiB"));
}

#[test]
fn undo_redo_and_every_element_go_through_the_journal() {
    let bench = bench();
    let base = Sum::of(COMMENTED.as_bytes());
    let mut journal = Journal::open(&bench.places, &bench.model, &base, "t").unwrap();
    let (mut model, mut history) = (base_model(), History::default());
    let all = model.ids().map(|id| Put { element: model.element(&id), id }).collect();
    journal.append(&Edit::new("all", all)).unwrap();
    for edit in sample_edits() {
        history.make(&mut model, edit.clone());
        journal.append(&edit).unwrap();
    }
    for _ in 0..3 {
        journal.append(&history.undo(&mut model).unwrap()).unwrap();
    }
    journal.append(&history.redo(&mut model).unwrap()).unwrap();
    assert_eq!(journal.unsaved(), 9);
    journal.sync().unwrap();
    // A journal of the same process number that was left behind is not overwritten.
    let second = Journal::open(&bench.places, &bench.model, &base, "t").unwrap();
    assert_ne!(second.path(), journal.path());
    drop((journal, second));
    let found = recoverable(&bench.places, &bench.model).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].replay(&base_model()).unwrap(), model);
}

#[test]
fn a_document_is_saved_merged_and_copied() {
    let bench = bench();
    let mut document = bench.open();
    let edits = sample_edits();
    let model = after(&edits);
    for edit in &edits {
        document.record(edit).unwrap();
    }
    assert_eq!((document.unsaved(), bench.journals().len()), (4, 1));
    let copy = bench.model.with_file_name("copy.ron");
    document.save_copy(&copy, &model).unwrap();
    assert!(matches!(document.save_copy(&copy, &model), Err(SaveError::Exists(_))));
    assert_eq!(document.unsaved(), 4);
    document.save(&model).unwrap();
    assert_eq!(document.text(), fs::read_to_string(&bench.model).unwrap());
    assert_eq!(document.text(), fs::read_to_string(&copy).unwrap());
    assert_eq!(*document.base(), model);
    assert!(document.text().contains("//") && !document.changed_on_disk().unwrap());
    assert_eq!(document.unsaved(), 0);

    // Somebody else writes; a save is refused, their text is adopted, and the own edits stay in the journal.
    let mine = counted_edit(1);
    document.record(&mine).unwrap();
    let theirs_text = document.text().replace("Renamed", "Theirs");
    fs::write(&bench.model, &theirs_text).unwrap();
    assert!(document.changed_on_disk().unwrap());
    let mut model = model.clone();
    mine.apply(&mut model);
    assert!(matches!(document.save(&model), Err(SaveError::ChangedOnDisk(_))));
    assert_eq!(fs::read_to_string(&bench.model).unwrap(), theirs_text);
    let theirs = document.theirs().unwrap();
    assert_eq!(document.base().title.as_str(), "Renamed");
    document.adopt(theirs, std::slice::from_ref(&mine)).unwrap();
    assert_eq!((document.base().title.as_str(), document.unsaved()), ("Theirs", 1));
    drop(document);
    let recovery = recoverable(&bench.places, &bench.model).unwrap().remove(0);
    assert!(recovery.base_matches);
    assert_eq!(recovery.edits(), std::slice::from_ref(&mine));
    recovery.discard().unwrap();

    // Whoever clears the state folder away is heard of.
    let mut document = bench.open();
    document.record(&mine).unwrap();
    fs::remove_dir_all(bench.places.state()).unwrap();
    assert!(document.sync().unwrap_err().to_string().contains("save often"));
    drop(document);

    // Discarded edits are not offered again.
    let mut document = bench.open();
    document.record(&mine).unwrap();
    document.discard_edits().unwrap();
    assert!(bench.journals().is_empty());
    let new = bench.model.with_file_name("new.ron");
    let document = OpenDocument::create(&bench.places, &new, &model).unwrap();
    assert!(document.is_locked() && *document.base() == model);
    drop(document);
    assert!(matches!(OpenDocument::create(&bench.places, &new, &model), Err(OpenError::Save(SaveError::Exists(_)))));
}

#[test]
fn what_does_not_read_back_is_not_written() {
    let bench = bench();
    let mut document = bench.open();
    let mut model = document.base().clone();
    // An element without a name can not be written so that it is found again.
    model.parking.insert(Slug::default(), Default::default());
    document.record(&counted_edit(1)).unwrap();
    let message = document.save(&model).unwrap_err().to_string();
    assert!(message.contains("(parking/)") && message.contains("nothing was changed"), "{message}");
    assert_eq!(fs::read_to_string(&bench.model).unwrap(), COMMENTED);
    assert_eq!(document.unsaved(), 1);
}

#[test]
fn a_lock_means_nothing_without_its_holder() {
    let bench = bench();
    let lock = ModelLock::take(&bench.places, &bench.model).unwrap();
    let path = bench.places.locks().join(&names_in(&bench.places.locks())[0]);
    for (contents, says) in [
        ("", "another sandtable"),
        ("nonsense \u{1b}[31m", "another sandtable"),
        ("(host:\"h\u{202e}\",pid:7,user:\"u\")", "process 7 of u on h\u{fffd}:"),
        ("(pid:7,since:99999999999999999999)", "another sandtable"),
        ("(pid:7,since:18446744073709551615)", "in process 7: "),
    ] {
        fs::write(&path, contents).unwrap();
        let message = ModelLock::take(&bench.places, &bench.model).unwrap_err().to_string();
        assert!(message.contains(says) && !message.contains('\u{1b}'), "{message}");
    }
    drop(lock);
    fs::write(&path, "(host:\"elsewhere\",pid:7)").unwrap();
    let _held = ModelLock::take(&bench.places, &bench.model).unwrap();
    #[cfg(unix)]
    {
        let link = bench.folder.path().join("link.ron");
        std::os::unix::fs::symlink(&bench.model, &link).unwrap();
        assert!(matches!(ModelLock::take(&bench.places, &link), Err(LockError::Held { .. })));
    }
    // Another file is another lock, also one that is not there yet.
    ModelLock::take(&bench.places, &bench.model.with_file_name("new.ron")).unwrap();
}

#[test]
fn without_a_state_folder_a_model_opens_with_warnings() {
    let bench = bench();
    fs::write(bench.folder.path().join("state"), "a file").unwrap();
    let mut document = bench.open();
    let warnings = document.take_warnings();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings.iter().all(|warning| warning.contains("SANDTABLE_STATE_DIR")), "{warnings:?}");
    document.record(&counted_edit(1)).unwrap();
    document.save(&after(&[counted_edit(1)])).unwrap();
    assert!(matches!(Journal::open(&bench.places, &bench.model, &Sum::of(b""), ""), Err(JournalError::Places(_))));
    fs::write(&bench.model, "nonsense").unwrap();
    let error = document.reload().unwrap_err();
    assert!(matches!(error, OpenError::NotAModel { .. }), "{error}");
    fs::remove_file(&bench.model).unwrap();
    assert!(matches!(document.reload(), Err(OpenError::Disk(DiskError::Missing(_)))));
}

/// Edits that several processes left behind are offered in the order in which they were made.
#[test]
fn what_is_recovered_comes_in_order() {
    let bench = bench();
    for (seconds, name) in [(100, "later"), (200, "first")] {
        let base = Sum::of(COMMENTED.as_bytes());
        let mut journal = Journal::open(&bench.places, &bench.model, &base, name).unwrap();
        journal.append(&sample_edits()[0]).unwrap();
        let path = journal.path().to_owned();
        drop(journal);
        let when = SystemTime::now() - Duration::from_secs(seconds);
        File::options().append(true).open(path).unwrap().set_modified(when).unwrap();
    }
    let found = recoverable(&bench.places, &bench.model).unwrap();
    let titles: Vec<&str> = found.iter().map(|recovery| recovery.title.as_str()).collect();
    assert_eq!(titles, ["first", "later"]);
}

/// The text of one element is one record; anything else would become part of the file around it.
#[test]
fn an_elements_text_is_one_record() {
    let bench = bench();
    let id = ElementId::new(Section::Roles, Slug::new("clerk").unwrap());
    for (written, says) in [
        ("(title: \"C\")", None),
        ("  // above\n  (title: \"C\") // behind\n", None),
        ("(title: \"C\") /* behind */", None),
        ("Role(title: \"C\") // behind", None),
        ("(title: \"C\"), \"evil\": (title: \"E\")", Some("line 1, column 13: nothing may stand behind")),
        ("(title: \"C\")}, people: {\"p\": ()", Some("nothing may stand behind")),
        ("(title: \"C\"\n  mfa: true)", Some("line 2, column 3: a `,` or `)` is missing")),
        ("", Some("a value is missing")),
        ("\"C\"", Some("one element is written as (field: value, ...)")),
        ("#![enable(implicit_some)] (title: \"C\")", Some("one element is written as (field: value, ...)")),
        ("(titel: 1, mfa: 7)", Some("line 1, column 17: mfa: `7` is not true or false")),
    ] {
        let document = bench.open();
        let model = document.base().clone();
        match (document.read_element_text(&model, &id, written), says) {
            (Ok((element, rewording)), None) => {
                assert_eq!(element.title().as_str(), "C", "{written}");
                let after = rewording.after.unwrap();
                assert!(after.contains(written.trim()) && after.trim_start().starts_with("\"clerk\""), "{after}");
            }
            (Err(said), Some(says)) => {
                assert!(said.contains(says), "{written}: {said}");
                assert_eq!(*document.base(), model);
            }
            (found, _) => panic!("{written}: {found:?}"),
        }
    }
}
