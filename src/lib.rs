//! cachekeys
mod cache_keys;
