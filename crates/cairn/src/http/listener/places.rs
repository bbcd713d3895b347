use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The places for connections, counted in total and by the network that they come from.
pub struct Places {
    total: usize,
    per_network: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    total: usize,
    by_network: HashMap<IpAddr, usize>,
}

/// One place, given back when dropped.
pub struct Place {
    places: Arc<Places>,
    network: Option<IpAddr>,
}

impl Places {
    pub fn new(total: usize, per_network: usize) -> Self {
        Self { total, per_network, taken: Mutex::default() }
    }

    /// A place for a connection from `address`, unless all, or all of its network, are taken. An exempt address counts
    /// in the total only.
    pub fn take(self: &Arc<Self>, address: IpAddr, exempt: bool) -> Option<Place> {
        let mut taken = self.lock();
        if taken.total >= self.total {
            return None;
        }
        let network = (!exempt).then(|| network_of(address));
        if let Some(network) = network {
            if taken.by_network.get(&network).is_some_and(|count| *count >= self.per_network) {
                return None;
            }
            *taken.by_network.entry(network).or_default() += 1;
        }
        taken.total += 1;
        Some(Place { places: self.clone(), network })
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.total -= 1;
        let Some(network) = self.network else { return };
        if let Some(count) = taken.by_network.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                taken.by_network.remove(&network);
            }
        }
    }
}

/// One IPv6 subscriber has a whole /64 of addresses.
fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}
