mod company;
mod scale;
mod support;
mod timing;
