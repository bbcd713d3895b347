//! Pieces of Markdown (CommonMark 0.31 with tables and strike-through) that mean what was meant elsewhere.

/// A text whose letters mean themselves.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before: Option<char> = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let after = letters.peek().copied();
        let in_word = before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
        let line_begins = out.trim_end_matches(' ').is_empty() || out.trim_end_matches(' ').ends_with('\n');
        let special = match letter {
            '\\' | '*' | '`' | '[' | ']' | '<' | '~' => true,
            '_' => !in_word,
            '&' => after.is_some_and(|next| next.is_ascii_alphanumeric() || next == '#'),
            '#' | '>' | '+' | '-' | '=' => line_begins,
            '.' | ')' => before.is_some_and(|digit| digit.is_ascii_digit()) && begins_with_number(&out),
            '|' => line_begins,
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(letter);
        before = Some(letter);
    }
    out
}

fn begins_with_number(out: &str) -> bool {
    let line = out.rsplit('\n').next().unwrap_or_default().trim_start();
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
}

/// A code span, whatever backticks the code holds.
pub fn code(text: &str) -> String {
    let text = text.replace('\n', " ");
    let ticks = "`".repeat(longest_run(&text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

/// A block of code in a language, or in none.
pub fn fence(text: &str, language: &str) -> String {
    let ticks = "`".repeat(longest_run(text).max(2) + 1);
    let language: String =
        language.chars().filter(|letter| letter.is_ascii_alphanumeric() || "+-#._".contains(*letter)).collect();
    format!("{ticks}{language}\n{text}\n{ticks}")
}

fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}

/// A link whose label is Markdown already.
pub fn link(label: &str, address: &str) -> String {
    let address: String = address.chars().filter(|letter| !letter.is_control()).collect();
    let address = address.replace('<', "%3C").replace('>', "%3E").replace(' ', "%20");
    if address.contains(['(', ')', '\\']) { format!("[{label}](<{address}>)") } else { format!("[{label}]({address})") }
}

/// A block with a mark of quotation before each line.
pub fn quoted(block: &str) -> String {
    let lines = block.lines().map(|line| if line.is_empty() { ">".to_owned() } else { format!("> {line}") });
    lines.collect::<Vec<_>>().join("\n")
}

/// A block whose lines after the first stand as far to the right as a list's text.
pub fn indented(block: &str, by: usize) -> String {
    let space = " ".repeat(by);
    let lines = block.lines().enumerate();
    let lines =
        lines.map(|(at, line)| if at == 0 || line.is_empty() { line.to_owned() } else { format!("{space}{line}") });
    lines.collect::<Vec<_>>().join("\n")
}
