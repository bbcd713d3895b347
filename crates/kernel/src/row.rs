use crate::{Error, FromValue, Result, Value};

/// What a driver shows of the row it stands on; nothing is copied until a getter asks for it.
pub trait Columns {
    fn count(&self) -> usize;
    fn name(&self, index: usize) -> &str;
    fn value(&self, index: usize) -> Result<Value<'_>>;
}

pub struct Row<'r>(&'r dyn Columns);

impl<'r> Row<'r> {
    pub fn new(columns: &'r dyn Columns) -> Self {
        Row(columns)
    }

    pub fn get<T: FromValue>(&self, name: &str) -> Result<T> {
        self.field(0, name)
    }

    pub fn at<T: FromValue>(&self, index: usize) -> Result<T> {
        T::from_value(self.0.value(index)?)
    }

    /// The column at that place as it came, for those who do not know what it holds.
    pub fn value(&self, index: usize) -> Result<Value<'_>> {
        self.0.value(index)
    }

    /// The column of that name, looked for first where the struct's order suggests it: normally one comparison,
    /// and two text columns can never be exchanged in silence.
    pub fn field<T: FromValue>(&self, hint: usize, name: &str) -> Result<T> {
        let named = |i: &usize| self.0.name(*i) == name;
        let found =
            Some(hint).filter(|i| *i < self.0.count()).filter(named).or_else(|| (0..self.0.count()).find(named));
        let index = found.ok_or_else(|| Error::internal(format!("the query has no column `{name}`")))?;
        self.at(index)
    }
}

/// Made from one row: a struct by [`columns!`], one value, or a tuple in the order of the select list.
pub trait FromRow: Sized + Send {
    fn from_row(row: &Row<'_>) -> Result<Self>;
}

/// Reads a struct from a row, each field from the column of its name: `columns!(Answer { id, author, body });`
#[macro_export]
macro_rules! columns {
    ($type:ident { $($field:ident),+ $(,)? }) => {
        impl $crate::FromRow for $type {
            fn from_row(row: &$crate::Row<'_>) -> $crate::Result<Self> {
                let mut hint = 0..;
                Ok($type { $($field: row.field(hint.next().unwrap_or(0), stringify!($field))?),+ })
            }
        }
    };
}

impl<T: FromValue + Send> FromRow for T {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        row.at(0)
    }
}

macro_rules! tuples {
    ($(($($type:ident $index:tt),+))+) => { $(
        impl<$($type: FromValue + Send),+> FromRow for ($($type,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self> {
                Ok(($(row.at::<$type>($index)?,)+))
            }
        }
    )+ };
}
tuples! { (A 0, B 1) (A 0, B 1, C 2) (A 0, B 1, C 2, D 3) (A 0, B 1, C 2, D 3, E 4) }
