//! Each model names the mutants that break it, and each mutant that `scripts/mutants` has is somebody's to notice.
//!
//! A model is a test in a folder or file of the name `models`: loom's, or shuttle's in `session/models`. Its description says
//! "The mutant `name` breaks it." Whether it does is for `scripts/mutants.sh` to show.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn engine() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn scripts() -> PathBuf {
    engine().join("../scripts")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// All files below a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("as above").path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| if path.is_dir() { files(path) } else { vec![path.clone()] }).collect()
}

/// A way to break the engine.
struct Mutant {
    name: String,
    /// Who is to notice: see `run` in `scripts/mutants.sh`.
    who: String,
}

impl Mutant {
    /// Whether this model is one of those that are run to notice it.
    fn is_for(&self, model: &Model) -> bool {
        match &*self.who {
            "shuttle" => model.is_shuttles(),
            who => !model.is_shuttles() && model.path.contains(who),
        }
    }

    /// The file of the ordinary tests that notice it, where it is no model.
    fn tests(&self) -> Option<PathBuf> {
        let name = match &*self.who {
            "tests" => return Some(engine().join("src/lib.rs")),
            "guard" => "guarded",
            who => who.strip_prefix("test:")?,
        };
        Some(engine().join(format!("tests/{name}.rs")))
    }
}

fn mutants() -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for file in files(&scripts().join("mutants")) {
        for line in read(file).lines() {
            let Some(words) = line.strip_prefix("mutant ") else { continue };
            let mut words = words.split_whitespace().map(str::to_owned);
            let (name, who) = (words.next().expect("its name"), words.next().expect("who notices"));
            mutants.push(Mutant { name, who });
        }
    }
    assert!(!mutants.is_empty());
    mutants
}

/// A test that explores.
struct Model {
    /// As `cargo test` names it.
    path: String,
    /// The mutants that its description names.
    named: Vec<String>,
}

impl Model {
    fn is_shuttles(&self) -> bool {
        self.path.starts_with("session::models::")
    }
}

fn models() -> Vec<Model> {
    let source = engine().join("src");
    let mut models = Vec::new();
    for file in files(&source) {
        let module = file.strip_prefix(&source).expect("it is below it").with_extension("");
        let parts: Vec<&str> = module.iter().map(|part| part.to_str().expect("a name")).collect();
        if parts.contains(&"models") {
            models.extend(tests(&parts.join("::"), &read(&file)));
        }
    }
    assert!(models.iter().any(Model::is_shuttles) && !models.iter().all(Model::is_shuttles));
    models
}

/// The tests of a file, each with the mutants that its description names.
fn tests(module: &str, text: &str) -> Vec<Model> {
    let parts = text.split("\n\n").filter_map(|part| part.split_once("#[test]\nfn "));
    let model = |(before, after): (&str, &str)| {
        let name = after.split_once('(').expect("a function").0;
        let lines: Vec<&str> = before.lines().map(|line| line.trim_start_matches("///").trim()).collect();
        let words = lines.join(" ");
        let named = words.split_once("The mutant").and_then(|(_, named)| named.split_once(" break"));
        // What stands between two backticks is every second part.
        let named = named.map_or("", |(named, _)| named).split('`').skip(1).step_by(2);
        Model { path: format!("{module}::{name}"), named: named.map(str::to_owned).collect() }
    };
    let tests: Vec<Model> = parts.map(model).collect();
    assert_eq!(tests.len(), text.matches("#[test]").count(), "a test of {module} is not found");
    tests
}

#[test]
fn each_model_names_a_mutant_that_it_is_run_against() {
    let mutants = mutants();
    for model in models() {
        assert!(!model.named.is_empty(), "{} names no mutant", model.path);
        for name in &model.named {
            let mutant = mutants.iter().find(|mutant| mutant.name == *name);
            let mutant = mutant.unwrap_or_else(|| panic!("{} names {name}, which is none", model.path));
            assert!(mutant.is_for(&model), "{} is not run against {name}: {} is", model.path, mutant.who);
        }
    }
}

#[test]
fn each_mutant_has_somebody_to_notice_it() {
    let models = models();
    for mutant in mutants() {
        let Mutant { name, who } = &mutant;
        match mutant.tests() {
            Some(file) => assert!(file.exists(), "{name} is {who}'s to notice: there are no such tests"),
            None => {
                let noticed = |model: &Model| mutant.is_for(model) && model.named.contains(name);
                assert!(models.iter().any(noticed), "{name} is {who}'s to notice: no such model names it");
            }
        }
    }
}

/// The name is how one of them is run alone, and each file is run.
#[test]
fn each_mutant_has_a_name_of_its_own_and_is_run() {
    let mut names = BTreeSet::new();
    for mutant in mutants() {
        assert!(names.insert(mutant.name.clone()), "two mutants are named {}", mutant.name);
    }
    let run = read(scripts().join("mutants.sh"));
    for file in files(&scripts().join("mutants")) {
        let name = file.file_stem().and_then(|name| name.to_str()).expect("a name");
        let is_run = run.lines().any(|line| line.contains("MUTANTS_FILES:-") && line.contains(name));
        assert!(is_run, "scripts/mutants.sh does not run {name}.sh");
    }
}

/// Tests that `cargo-mutants` is not tried against, by the beginning of their names, and why.
const LEFT_OUT: [(&str, &str); 10] = [
    ("alloc", "one allocator a program"),
    ("graph_alloc", "one allocator a program"),
    ("late", "one allocator a program"),
    ("guarded", "needs a checker"),
    ("devices", "real threads and clocks"),
    ("fuzz_", "long, or a program of its own"),
    ("graph_", "long, or of the graph alone, which is not broken"),
    ("nodes_", "of the nodes, which are not broken"),
    ("picture", "of the picture in the README"),
    ("serialised", "of serde"),
];

/// A new file of tests is not forgotten: `together` runs it against the mutants of cargo-mutants, or it is left out for a reason.
#[test]
fn each_file_of_tests_is_run_against_mutants_or_says_why_not() {
    let together = read(engine().join("proofs/mutants/together.rs"));
    for file in files(&engine().join("tests")) {
        let name = file.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        let is_test = file.parent().is_some_and(|folder| folder.ends_with("tests"))
            && file.extension() == Some("rs".as_ref());
        let is_run = together.contains(&format!("tests/{name}.rs"));
        let is_left_out = name == "naming" || LEFT_OUT.iter().any(|(left_out, _)| name.starts_with(left_out));
        assert!(!is_test || is_run || is_left_out, "{name} is not in engine/proofs/mutants/together.rs");
    }
}
