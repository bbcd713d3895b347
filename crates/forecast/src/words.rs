//! Probabilities in words that match the number.

/// The calibrated words of the IPCC (Mastrandrea and others, "Guidance Note for Lead Authors on Consistent Treatment
/// of Uncertainties", 2010) for a probability from 0 to 1.
pub fn likelihood(probability: f64) -> &'static str {
    match probability {
        0.99.. => "virtually certain",
        0.90.. => "very likely",
        0.66.. => "likely",
        0.33.. => "about as likely as not",
        0.10.. => "unlikely",
        0.01.. => "very unlikely",
        _ => "exceptionally unlikely",
    }
}
