//! A tree or an array in another format.

mod inline;
mod json;
mod json_read;
mod json_text;
mod leaf;
mod npy;
mod npy_header;
mod yaml;

pub use inline::{write_inline_json, write_inline_yaml};
pub use json::{References, write_json};
pub use json_read::read_json;
pub use npy::{NpyReader, write_npy};
pub use yaml::write_yaml;
