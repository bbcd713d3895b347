use crate::Site;
use axum::{
    Router,
    handler::Handler,
    routing::{get, post},
};
use kernel::Method;

/// The pages of a part: a router that remembers what it holds, so that a test can visit all of it.
#[derive(Default)]
pub struct Pages {
    pub routes: Vec<PageRoute>,
    router: Router<Site>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageRoute {
    pub path: &'static str,
    pub method: Method,
}

impl Pages {
    pub fn new() -> Pages {
        Pages::default()
    }

    /// A page that is read.
    pub fn get<T: 'static>(self, path: &'static str, handler: impl Handler<T, Site>) -> Pages {
        self.with(Method::Get, path, |router| router.route(path, get(handler)))
    }

    /// What a form of a page is sent to.
    pub fn post<T: 'static>(self, path: &'static str, handler: impl Handler<T, Site>) -> Pages {
        self.with(Method::Post, path, |router| router.route(path, post(handler)))
    }

    pub fn merge(mut self, other: Pages) -> Pages {
        self.routes.extend(other.routes);
        self.router = self.router.merge(other.router);
        self
    }

    pub fn into_router(self) -> Router<Site> {
        self.router
    }

    fn with(mut self, method: Method, path: &'static str, add: impl FnOnce(Router<Site>) -> Router<Site>) -> Pages {
        self.routes.push(PageRoute { path, method });
        self.router = add(self.router);
        self
    }
}
