//! Surveys the clouds and applies a plan
