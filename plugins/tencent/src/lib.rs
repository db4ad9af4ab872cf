//! imgshare provider for Tencent Cloud CVM images.
