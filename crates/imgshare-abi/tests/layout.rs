//! The boundary is frozen: every type that crosses it is compared with a recorded dump of its layout.
//!
//! If this test fails, plugins that people have built no longer load. Put the change into a second version instead.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use abi_stable::abi_stability::PrefixStableAbi;
use abi_stable::prefix_type::PrefixTypeTrait;
use abi_stable::type_layout::{TLField, TypeLayout};

#[test]
fn the_layout_of_the_boundary_is_the_recorded_one() {
    let recorded = include_str!("layout.txt");
    let now = dump(<<imgshare_abi::Root as PrefixTypeTrait>::PrefixFields as PrefixStableAbi>::LAYOUT);
    assert_eq!(now, recorded, "the frozen boundary has changed");
}

#[test]
fn the_names_that_hosts_and_plugins_look_for_are_the_recorded_ones() {
    assert_eq!(imgshare_abi::VERSION, 1);
    assert_eq!(imgshare_abi::ROOT_SYMBOL, "imgshare_root_v1");
}

fn dump(root: &'static TypeLayout) -> String {
    let (mut text, mut seen) = (String::new(), BTreeSet::new());
    let mut open = vec![root];
    while let Some(layout) = open.pop() {
        if seen.insert(layout.full_type().to_string()) {
            describe(layout, &mut text);
            open.extend(fields(layout).flat_map(|field| parts(&field)));
        }
    }
    text
}

fn describe(layout: &'static TypeLayout, text: &mut String) {
    let (package, version) = layout.package_and_version();
    writeln!(
        text,
        "{} ({package} {version}): {} bytes, aligned to {}, {:?}",
        layout.full_type(),
        layout.size(),
        layout.alignment(),
        layout.data_discriminant()
    )
    .expect("a string takes everything");
    for field in fields(layout) {
        writeln!(text, "    {}: {}", field.name(), field.full_type()).expect("a string takes everything");
        for function in field.function_range() {
            writeln!(text, "        {function}").expect("a string takes everything");
        }
    }
}

fn fields(layout: &'static TypeLayout) -> impl Iterator<Item = TLField> {
    layout.get_fields().into_iter().flat_map(|fields| fields.iter())
}

fn parts(field: &TLField) -> Vec<&'static TypeLayout> {
    let mut parts = vec![field.layout()];
    for function in field.function_range() {
        parts.extend(function.param_type_layouts.iter().map(|layout| layout()));
        parts.extend(function.return_type_layout().map(|layout| layout()));
    }
    parts
}
