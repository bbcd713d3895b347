use super::{Blob, BlobName, sha256};
use crate::Id;

#[test]
fn a_name_fits_its_own_bytes_and_no_others() {
    let id = Id::<Blob>::from_u128(7);
    let name = BlobName::of(&sha256(b"abc"), &id);
    // FIPS 180-2, appendix B.1.
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(name.as_str(), format!("ba/{hash}-{id}"));
    assert!(name.fits(b"abc"));
    assert!(!name.fits(b"abd") && !name.fits(b""));
}
