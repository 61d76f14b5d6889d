//! Every code that a diagnostic can carry, and what it means.

use crate::diagnostic::code_entry::{CodeEntry, entry};

/// Returns what every code means, in the order of the codes.
pub fn codes() -> impl Iterator<Item = &'static CodeEntry> {
    let lint = crate::lint::RULES.iter().map(|rule| &rule.entry);
    let read = CODES.iter().chain(crate::check::CODES);
    read.chain(lint)
        .chain(crate::lint::doubts())
        .chain(crate::recorded::CODES)
        .chain(crate::calibrate::CODES)
        .chain(crate::import::codes::CODES)
}

/// The codes of reading, in order: those below 20 concern the text, those from 20 to 39 its shape.
pub const CODES: &[CodeEntry] = &[
    entry(
        "CM001",
        "the file is too large",
        "Documents are written by people and hold at most 1 MiB. A larger file is usually the \
         wrong file, or recorded data that belongs into a file of its own.",
    ),
    entry(
        "CM002",
        "the file is not UTF-8 text",
        "Documents are UTF-8 text. Binary files, UTF-16 and Latin-1 are refused, because a guess \
         at the encoding could silently change a name or a value.",
    ),
    entry(
        "CM003",
        "the file is empty",
        "There is nothing but blanks and comments in the file.",
    ),
    entry(
        "CM004",
        "the text is neither YAML nor JSON",
        "The text could not be taken apart. Reading stops here, so that there may be more \
         problems further down. Frequent causes: an unclosed quote or bracket, a tab as \
         indentation, a `:` or `{` in unquoted text.",
    ),
    entry(
        "CM005",
        "the nesting is too deep",
        "Lists and maps may lie 64 deep in one another. No document needs that much; the bound \
         keeps a hostile file from exhausting memory.",
    ),
    entry(
        "CM006",
        "aliases copy too much",
        "Each `*alias` stands for a copy of what its `&anchor` marks. Copies of copies grow \
         exponentially, so that their total is bounded.",
    ),
    entry(
        "CM007",
        "an alias has no anchor",
        "An `*alias` needs an `&anchor` of the same name earlier in the file, outside of the \
         value that the anchor marks.",
    ),
    entry(
        "CM008",
        "there are several documents in one file",
        "A line `---` begins a second document. Only one is read from a file; dropping the \
         others silently would hide them.",
    ),
    entry(
        "CM009",
        "a key is given twice",
        "Of two values for one key only one could count. Delete or rename the other.",
    ),
    entry(
        "CM010",
        "a key is not text",
        "The key of a map entry is a list or a map. The usual cause is an unquoted `{{ template }}`.",
    ),
    entry(
        "CM011",
        "a tag is not supported",
        "Tags such as `!include` or `!Ref` name types or functions of other tools. Only the tags \
         of the YAML core schema (`!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!map`, \
         `!!seq`) are understood.",
    ),
    entry(
        "CM012",
        "a merge key has nothing to merge",
        "`<<` takes the entries of another map: its value is an alias of a map, a map, or a list \
         of them.",
    ),
    entry(
        "CM020",
        "a key is unknown",
        "The key is not part of this document kind at this place. Unknown keys are errors, \
         because a misspelt limit that is ignored is a limit that does not hold.",
    ),
    entry(
        "CM021",
        "a key is missing",
        "A required key is absent. It has no default, because none is right for everybody.",
    ),
    entry(
        "CM022",
        "a value is of the wrong type",
        "For example a list where a map is expected, or a word where a number is. Note that \
         `yes`, `no`, `on` and `off` are words; the truth values are `true` and `false`.",
    ),
    entry(
        "CM023",
        "a value is not one of those allowed",
        "The value must be one of a fixed set of names.",
    ),
    entry(
        "CM024",
        "a number is out of range",
        "The number is below the least or above the greatest value that makes sense here.",
    ),
    entry(
        "CM025",
        "a number is not finite",
        "NaN and infinity compare in surprising ways (NaN is neither above nor below any limit), \
         so that a gate with such a limit would never fire or always fire.",
    ),
    entry(
        "CM026",
        "a duration has no unit",
        "A bare number does not say whether it means seconds or minutes. Write the unit: `15m`.",
    ),
    entry(
        "CM027",
        "a duration cannot be read",
        "A duration is a number with a unit (w, d, h, m, s, ms, us, ns), or several from large to \
         small: `90s`, `15m`, `1h30m`, `250ms`, `7d`.",
    ),
    entry(
        "CM028",
        "a share cannot be read",
        "A share is a fraction from 0 to 1 or a percentage from 0% to 100%: `0.05` or `5%`.",
    ),
    entry(
        "CM029",
        "a list is too short or too long",
        "The list holds fewer entries than are needed to mean anything, or more than are allowed.",
    ),
    entry(
        "CM030",
        "there is not exactly one choice",
        "At this place one of several forms must be chosen: a map with exactly one key, the name \
         of the form.",
    ),
    entry(
        "CM031",
        "a text has the wrong form",
        "The text does not follow the form that is needed at this place.",
    ),
    entry(
        "CM032",
        "a value cannot be used",
        "The value has the right shape and yet cannot be converted to what it stands for.",
    ),
    entry(
        "CM033",
        "there are more problems than are shown",
        "Only the first hundred problems are listed. Mend some of them and look again.",
    ),
    entry(
        "CM034",
        "the document is of another kind",
        "A policy, a scenario, a world, a case and a campaign have keys that no other kind has. The file is one of \
         them, and another is read where it was named.",
    ),
    entry(
        "CM040",
        "the file cannot be read",
        "The file does not exist, is a folder, or may not be read. The system's own words follow.",
    ),
    entry(
        "CM050",
        "the readers of a rollout wedge disagree",
        "The document, the checker script and the merge gate read a wedge in three ways. What one of \
         them refuses or leaves open and another accepts will surprise somebody.",
    ),
    entry(
        "CM070",
        "a path leads nowhere",
        "A part of the path is no key of the policy and no id of its list. Paths are made of keys and ids \
         joined by dots: `gates.error-rate.limit`, `stages.*.observe`.",
    ),
    entry(
        "CM071",
        "a path can mean several numbers",
        "More than one number of the policy can be meant. Write more of the path.",
    ),
    entry(
        "CM072",
        "a path leads to no number",
        "Only what is a number, a share or a length of time in the file can be varied.",
    ),
    entry(
        "CM073",
        "a range cannot be read",
        "A range is `LOW..HIGH`, with `:STEPS` and `:log` or `:lin` behind it, or a list `A,B,C`. Each \
         value has its unit: `1%..5%`, `2m..30m`.",
    ),
    entry(
        "CM074",
        "the unit of a range does not fit",
        "A share cannot take the place of a length of time, nor the other way round.",
    ),
    entry(
        "CM075",
        "a search is not well formed",
        "A number is varied twice, or there are more combinations than anybody waits for.",
    ),
    entry(
        "CM076",
        "a number is shared by an alias",
        "The number stands at an anchor of the file and counts in several places. Changing it for one of \
         them would change it for all.",
    ),
    entry(
        "CM080",
        "a plan is none, or was altered",
        "The id of a plan is the SHA-256 of everything that decides its result. A file whose content has another \
         id was changed after it was made, and its shards would not belong to it.",
    ),
    entry(
        "CM081",
        "a plan is of another version",
        "The same rollout may be played differently by another version of coalmine, so that a plan is played by the \
         version that made it.",
    ),
    entry(
        "CM082",
        "shards are missing",
        "A merge adds up all shards of a plan or none: an engine's empty queue does not say that everything was \
         played. `coalmine plan --missing PLAN DIR` lists the indices to run again.",
    ),
    entry(
        "CM083",
        "a shard belongs to another plan",
        "Each shard names the plan that it belongs to. One of another plan was played under other settings, and \
         is neither added up nor overwritten.",
    ),
    entry(
        "CM084",
        "a shard is torn",
        "A shard is written whole or not at all; its last line says so. One without it was cut off on its way, for \
         instance by a copy that was interrupted.",
    ),
    entry(
        "CM085",
        "a shard was altered",
        "The last line of a shard is the SHA-256 of the lines before it. They are not the lines that were written.",
    ),
    entry(
        "CM086",
        "a shard covers what is not its own",
        "A plan gives each shard a range, and all ranges together cover the study once. A shard of another range \
         would leave a gap or count something twice.",
    ),
    entry(
        "CM087",
        "two results of one shard differ",
        "Shards may be played any number of times, and every result of one shard is the same to the byte. Two that \
         differ were not made by the same program, or one of the machines is broken.",
    ),
];

#[cfg(test)]
mod tests {
    use super::codes;
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    /// Returns each text of the form `"CMnnn"` in the sources below `folder`.
    fn codes_in(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).expect("the sources are readable") {
            let path = entry.expect("the sources are readable").path();
            if path.is_dir() {
                codes_in(&path, found);
            } else if path.file_name().is_some_and(|name| name != "codes.rs") {
                let text = fs::read_to_string(&path).expect("the sources are UTF-8");
                let codes = text.split('"').filter(|part| {
                    part.len() == 5
                        && part.starts_with("CM")
                        && part[2..].bytes().all(|b| b.is_ascii_digit())
                });
                found.extend(codes.map(str::to_owned));
            }
        }
    }

    #[test]
    fn every_code_in_the_sources_is_documented_and_the_other_way_round() {
        let mut used = BTreeSet::new();
        codes_in(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut used,
        );
        let documented: BTreeSet<String> = codes().map(|e| e.code.to_owned()).collect();
        assert_eq!(used, documented);
    }

    #[test]
    fn codes_are_in_order_and_explained() {
        assert!(codes().is_sorted_by(|one, next| one.code < next.code));
        for entry in codes() {
            assert!(
                entry.explanation.len() > entry.title.len(),
                "{}",
                entry.code
            );
        }
    }
}
