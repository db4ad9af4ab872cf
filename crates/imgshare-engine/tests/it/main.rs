//! The engine over a really built plugin and a made-up cloud that lives in memory.

mod apply;
mod at_once;
mod audit;
mod cloud;
mod stage;
mod stop;
mod survey;
