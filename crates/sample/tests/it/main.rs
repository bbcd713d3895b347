mod company;
mod scale;
mod support;
