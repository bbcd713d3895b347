/// What a scanner has to know of a language.
pub struct Language {
    /// In lower case, as they stand after the fence.
    names: &'static [&'static str],
    pub line_comments: &'static [&'static str],
    pub block_comment: Option<(&'static str, &'static str)>,
    pub quotes: &'static str,
    /// Strings in three quotes go over several lines.
    pub has_long_strings: bool,
    /// `'a` can be a lifetime, so a quote opens a character only when it closes at once.
    pub has_lifetimes: bool,
    /// What stands before a colon or an equals sign is the name of a value.
    pub has_keys: bool,
    /// A word with a capital is a type.
    pub has_types: bool,
    /// What belongs to a word beside letters, digits and the underscore.
    pub word_characters: &'static str,
    pub is_diff: bool,
    ignores_case: bool,
    keywords: &'static str,
}

impl Language {
    pub fn named(name: &str) -> Option<&'static Language> {
        LANGUAGES.iter().find(|language| language.names.iter().any(|known| known.eq_ignore_ascii_case(name)))
    }

    pub fn is_keyword(&self, word: &str) -> bool {
        self.keywords
            .split_ascii_whitespace()
            .any(|keyword| if self.ignores_case { keyword.eq_ignore_ascii_case(word) } else { keyword == word })
    }
}

/// The habits of the C family, from which most differ little.
const C_LIKE: Language = Language {
    names: &[],
    line_comments: &["//"],
    block_comment: Some(("/*", "*/")),
    quotes: "\"'",
    has_long_strings: false,
    has_lifetimes: false,
    has_keys: false,
    has_types: true,
    word_characters: "",
    is_diff: false,
    ignores_case: false,
    keywords: "",
};

/// Configuration: names and values, comments after a hash.
const KEYED: Language = Language {
    line_comments: &["#"],
    block_comment: None,
    has_keys: true,
    has_types: false,
    word_characters: "-",
    ..C_LIKE
};

static LANGUAGES: [Language; 24] = [
    Language {
        names: &["rust", "rs"],
        has_lifetimes: true,
        keywords: "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod \
                   move mut pub ref return self Self static struct super trait true type unsafe use where while",
        ..C_LIKE
    },
    Language {
        names: &["javascript", "js", "jsx", "mjs", "typescript", "ts", "tsx"],
        quotes: "\"'`",
        keywords: "abstract any as async await boolean break case catch class const continue declare default delete do else \
                   enum export extends false finally for from function get if implements import in instanceof interface \
                   keyof let never new null number of private protected public readonly return set static string super \
                   switch this throw true try type typeof undefined unknown var void while yield",
        ..C_LIKE
    },
    Language {
        names: &["python", "py", "python3"],
        line_comments: &["#"],
        block_comment: None,
        has_long_strings: true,
        keywords: "and as assert async await break class continue def del elif else except False finally for from global if \
                   import in is lambda match case None nonlocal not or pass raise return self True try while with yield",
        ..C_LIKE
    },
    Language {
        names: &["go", "golang"],
        quotes: "\"'`",
        keywords: "any bool break byte case chan const continue default defer else error fallthrough false float64 for func go \
                   goto if import int int64 interface map nil package range return rune select string struct switch true \
                   type uint8 var",
        ..C_LIKE
    },
    Language {
        names: &["java"],
        has_long_strings: true,
        keywords: "abstract assert boolean break byte case catch char class const continue default do double else enum extends \
                   false final finally float for if implements import instanceof int interface long native new null package \
                   private protected public record return sealed short static super switch synchronized this throw throws \
                   transient true try var void volatile while yield",
        ..C_LIKE
    },
    Language {
        names: &["kotlin", "kt", "kts"],
        has_long_strings: true,
        keywords: "abstract as break by catch class companion const constructor continue data do else enum false final finally \
                   for fun if import in init inline interface internal is lateinit null object open operator override package \
                   private protected public return sealed super suspend this throw true try typealias val var when while",
        ..C_LIKE
    },
    Language {
        names: &["c", "h", "cpp", "c++", "cc", "hpp"],
        keywords: "alignas auto bool break case catch char class const constexpr continue default delete do double else enum \
                   explicit extern false float for friend if inline int long namespace new noexcept nullptr operator override \
                   private protected public register return short signed sizeof static struct switch template this throw true \
                   try typedef typename union unsigned using virtual void volatile while",
        ..C_LIKE
    },
    Language {
        names: &["csharp", "cs", "c#"],
        keywords: "abstract as async await base bool break byte case catch char class const continue decimal default delegate do \
                   double else enum event false finally float for foreach get if in int interface internal is lock long \
                   namespace new null object out override params private protected public readonly record ref return sealed set \
                   short static string struct switch this throw true try typeof using var virtual void when where while yield",
        ..C_LIKE
    },
    Language {
        names: &["swift"],
        has_long_strings: true,
        keywords: "actor as async await break case catch class continue default defer do else enum extension false fileprivate \
                   for func guard if import in init inout internal is let nil open override private protocol public repeat \
                   return self static struct super switch throw throws true try typealias var where while",
        ..C_LIKE
    },
    Language {
        names: &["php"],
        line_comments: &["//", "#"],
        keywords: "abstract and array as break case catch class clone const continue declare default do echo else elseif enum \
                   extends false final finally fn for foreach function global if implements include instanceof interface match \
                   namespace new null or private protected public readonly require return static switch this throw trait true \
                   try use var while yield",
        ..C_LIKE
    },
    Language {
        names: &["ruby", "rb"],
        line_comments: &["#"],
        block_comment: None,
        keywords: "alias and begin break case class def do else elsif end ensure false for if in module next nil not or redo \
                   rescue retry return self super then true undef unless until when while yield",
        ..C_LIKE
    },
    Language {
        names: &["elixir", "ex", "exs"],
        line_comments: &["#"],
        block_comment: None,
        has_long_strings: true,
        keywords: "after alias and case catch cond def defmodule defp defstruct do else end false fn for if import in nil not or \
                   quote raise receive require rescue true try unless use when with",
        ..C_LIKE
    },
    Language {
        names: &["shell", "sh", "bash", "zsh", "console"],
        line_comments: &["#"],
        block_comment: None,
        quotes: "\"'`",
        has_types: false,
        word_characters: "-",
        keywords: "case cd declare do done echo elif else esac eval exec exit export fi for function if in local read readonly \
                   return set shift source sudo test then trap unset until while",
        ..C_LIKE
    },
    Language {
        names: &["sql", "postgresql", "sqlite"],
        line_comments: &["--"],
        has_types: false,
        ignores_case: true,
        keywords: "add all alter and any as asc begin between bigint boolean by case cast check column commit conflict constraint \
                   create cross date default delete desc distinct do drop else end except exists false for foreign from full \
                   group having if in index inner insert integer intersect into is join key left like limit not null numeric of \
                   offset on or order outer over partition primary real references returning right rollback select set table \
                   text then timestamp to true union unique update using values view when where with",
        ..C_LIKE
    },
    Language {
        names: &["json", "jsonc", "json5"],
        has_keys: true,
        has_types: false,
        keywords: "true false null",
        ..C_LIKE
    },
    Language { names: &["yaml", "yml"], keywords: "true false null yes no", ..KEYED },
    Language { names: &["toml", "ini", "conf", "env"], has_long_strings: true, keywords: "true false", ..KEYED },
    Language {
        names: &["hcl", "terraform", "tf"],
        keywords: "true false null for in if resource variable module",
        ..KEYED
    },
    Language {
        names: &["css", "scss", "less"],
        line_comments: &[],
        has_keys: true,
        has_types: false,
        word_characters: "-",
        keywords: "auto inherit initial none unset important media supports layer import",
        ..C_LIKE
    },
    Language {
        names: &["html", "xml", "svg", "vue", "svelte"],
        line_comments: &[],
        block_comment: Some(("<!--", "-->")),
        has_keys: true,
        has_types: false,
        word_characters: "-",
        ..C_LIKE
    },
    Language {
        names: &["dockerfile", "docker", "containerfile"],
        keywords: "ADD ARG AS CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL RUN SHELL USER VOLUME WORKDIR",
        ..KEYED
    },
    Language {
        names: &["make", "makefile"],
        keywords: "define else endef endif export ifdef ifeq ifndef ifneq include override",
        ..KEYED
    },
    Language {
        names: &["graphql", "proto", "protobuf"],
        line_comments: &["//", "#"],
        keywords: "enum extend fragment implements import input interface message mutation optional package query repeated \
                   reserved returns rpc scalar schema service subscription syntax type union",
        ..C_LIKE
    },
    Language { names: &["diff", "patch"], is_diff: true, ..C_LIKE },
];
