//! Each model names the mutants that break it, and each mutant that a model is to notice is named by one.

/// Where loom's models are.
const MODELS: [&str; 14] = [
    include_str!("answering.rs"),
    include_str!("closing.rs"),
    include_str!("draining.rs"),
    include_str!("garbage.rs"),
    include_str!("loss.rs"),
    include_str!("room.rs"),
    include_str!("seizure.rs"),
    include_str!("../nodes/meter/models.rs"),
    include_str!("../render/models.rs"),
    include_str!("../stream/models/closing.rs"),
    include_str!("../stream/models/forced.rs"),
    include_str!("../stream/models/interrupting.rs"),
    include_str!("../stream/models/mirror.rs"),
    include_str!("../stream/models/order.rs"),
];

/// Where the mutants are that they are to notice.
const MUTANTS: [&str; 5] = [
    include_str!("../../../scripts/mutants/lease.sh"),
    include_str!("../../../scripts/mutants/lifecycle.sh"),
    include_str!("../../../scripts/mutants/order.sh"),
    include_str!("../../../scripts/mutants/waiting.sh"),
    include_str!("../../../scripts/mutants/whole.sh"),
];

/// The mutants, and who is to notice each.
fn mutants() -> Vec<(&'static str, &'static str)> {
    let lines = MUTANTS.iter().flat_map(|script| script.lines());
    let words = lines.filter_map(|line| line.strip_prefix("mutant ")).map(str::split_whitespace);
    words.map(|mut words| (words.next().expect("its name"), words.next().expect("who notices"))).collect()
}

/// The tests, each with the mutants that its description names.
fn models() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut models = Vec::new();
    for file in MODELS {
        for (before, after) in file.split("\n\n").filter_map(|part| part.split_once("#[test]\nfn ")) {
            let name = after.split_once('(').expect("a function").0;
            let named = before.split_once("The mutant").map_or("", |(_, named)| named);
            // What stands between two backticks is every second part.
            models.push((name, named.split('`').skip(1).step_by(2).collect()));
        }
    }
    models
}

#[test]
fn each_model_names_a_mutant_that_exists() {
    let mutants = mutants();
    for (model, named) in models() {
        assert!(!named.is_empty(), "{model} names no mutant");
        for name in named {
            assert!(mutants.iter().any(|(mutant, _)| *mutant == name), "{model} names {name}, which is none");
        }
    }
}

#[test]
fn each_mutant_is_named_by_a_model() {
    let models = models();
    // An ordinary test notices the others, and says so when it does.
    for (mutant, _) in mutants().into_iter().filter(|(_, who)| *who != "tests") {
        assert!(models.iter().any(|(_, named)| named.contains(&mutant)), "no model names {mutant}");
    }
}
