//! What the server holds in memory stays there: keys of open notes, passwords while they are checked.
use rustix::process::{Resource, Rlimit, setrlimit};
use std::fs;

/// Leaves no picture of the memory behind when the program dies, lets no other program of the same user look into it, and
/// says where swap would write it down.
pub fn keep_private() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let refused = setrlimit(Resource::Core, none).and_then(|()| keep_others_out());
    if let Err(error) = refused {
        tracing::warn!(%error, "the system does not keep the memory of this program from others");
    }
    if let Some(sentence) = swapped() {
        tracing::warn!("{sentence}");
    }
}

#[cfg(target_os = "linux")]
fn keep_others_out() -> rustix::io::Result<()> {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    set_dumpable_behavior(DumpableBehavior::NotDumpable)
}

#[cfg(not(target_os = "linux"))]
fn keep_others_out() -> rustix::io::Result<()> {
    Ok(())
}

/// Where the machine writes memory that it runs short of, in a sentence; nothing where that is on no disk.
pub fn swapped() -> Option<String> {
    let places = places(&fs::read_to_string("/proc/swaps").ok()?).join(", ");
    let sentence = "Memory can be written to swap on {}, and notes that are open with it. Encrypt it or turn it off.";
    (!places.is_empty()).then(|| sentence.replace("{}", &places))
}

/// Each line after the first names a place; one in compressed memory is no disk.
fn places(table: &str) -> Vec<&str> {
    let named = table.lines().skip(1).filter_map(|line| line.split_whitespace().next());
    named.filter(|place| !place.starts_with("/dev/zram")).collect()
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn swap_on_a_disk_is_named_and_compressed_memory_is_not() {
        let table = "Filename\tType\tSize\tUsed\tPriority\n/dev/zram0  partition 1 0 100\n/dev/dm-1  partition 2 0 -2\n/swap file 3 0 -3\n";
        assert_eq!(places(table), ["/dev/dm-1", "/swap"]);
        assert!(places("Filename\tType\tSize\tUsed\tPriority\n").is_empty());
    }
}
