//! A disk whose power can be cut: a file system in a file in memory. Whoever makes one has a mount namespace of their
//! own, so everything here goes with the last process in it.
use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// In bytes; only what is written takes memory.
const SIZE: u64 = 512 << 20;

/// `EXT4_IOC_SHUTDOWN` with `EXT4_GOING_FLAGS_NOLOGFLUSH` (Linux, fs/ext4/ext4.h), at the end of the input: what the
/// disk does not have by then it never gets, the file system's journal included.
const SHUT_DOWN: &str = r#"
    open(my $folder, "<", $ARGV[0]) or die "$!\n";
    my $nologflush = pack("L", 2);
    $| = 1;
    print "ready\n";
    <STDIN>;
    ioctl($folder, 0x8004587D, $nologflush) or die "$!\n";
"#;

pub struct Disk {
    image: PathBuf,
    /// Where the file system is mounted.
    pub place: PathBuf,
}

impl Disk {
    /// An error says why this machine cannot have such a disk.
    pub fn new(folder: &Path) -> Result<Disk, String> {
        let disk = Disk { image: folder.join("image"), place: folder.join("disk") };
        run(Command::new("mount").args(["-t", "tmpfs", "tmpfs"]).arg(folder))?;
        fs::create_dir(&disk.place).unwrap();
        File::create(&disk.image).unwrap().set_len(SIZE).unwrap();
        run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&disk.image))?;
        disk.mount()?;
        Ok(disk)
    }

    fn mount(&self) -> Result<(), String> {
        run(Command::new("mount").args(["-o", "loop"]).arg(&self.image).arg(&self.place))
    }

    /// `just_before` runs when all is ready, microseconds before the cut.
    pub fn cut_power(&self, just_before: impl FnOnce()) {
        let mut perl = Command::new("perl");
        perl.args(["-e", SHUT_DOWN]).arg(&self.place).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut perl = perl.spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(perl.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        just_before();
        drop(perl.stdin.take());
        assert!(perl.wait().unwrap().success(), "the file system was not shut down");
    }

    /// Mounts what reached the disk, once the last process has let go of it.
    pub fn restore_power(&self) {
        let start = Instant::now();
        while let Err(why) = run(Command::new("umount").arg(&self.place)) {
            assert!(start.elapsed() < Duration::from_secs(60), "{why}");
            thread::sleep(Duration::from_millis(5));
        }
        self.mount().unwrap();
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{program}: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim())),
    }
}
