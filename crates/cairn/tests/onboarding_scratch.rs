#[path = "it/onboarding.rs"]
mod onboarding;
