//! How good a forecast was.

/// Twice the mean quantile loss of quantiles at evenly spaced probabilities `1/(n+1), 2/(n+1), …`, which tends to the
/// continuous ranked probability score (Gneiting and Ranjan, "Comparing Density Forecasts Using Threshold- and
/// Quantile-Weighted Scoring Rules", 2011). In the unit of what is forecast; lower is better.
pub fn crps(quantiles: &[f64], outcome: f64) -> f64 {
    let count = quantiles.len() as f64;
    let loss = |(place, quantile): (usize, &f64)| {
        let (level, error) = ((place + 1) as f64 / (count + 1.0), outcome - quantile);
        if error >= 0.0 { level * error } else { (level - 1.0) * error }
    };
    2.0 * quantiles.iter().enumerate().map(loss).sum::<f64>() / count.max(1.0)
}
