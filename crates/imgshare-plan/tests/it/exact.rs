//! Mode `exact`.

use crate::check;

#[test]
fn exact_removes_those_whom_no_rule_wants() {
    check(
        "cloud acme acme north
         rule golden at=acme:north exact all with=1,2
         image acme north img-a ubuntu has=2,8,9",
        "acme north img-a [golden]: +1 -8 -9",
    );
}

#[test]
fn exact_keeps_what_a_rule_of_mode_add_wants() {
    check(
        "cloud acme acme north
         rule strict at=acme:north exact all with=1
         rule mild at=acme:north all with=2
         image acme north img-a ubuntu has=1,2,9",
        "acme north img-a [strict,mild]: -9",
    );
}

#[test]
fn two_exact_rules_on_one_image_keep_what_either_wants() {
    check(
        "cloud acme acme north
         rule one at=acme:north exact all with=1
         rule two at=acme:north exact name=ubuntu with=2
         image acme north img-a ubuntu has=1,2,3
         image acme north img-b debian has=1,2,3",
        "acme north img-b [one]: -2 -3
         acme north img-a [one,two]: -3",
    );
}

#[test]
fn exact_without_accounts_removes_everybody() {
    check(
        "cloud acme acme north
         rule nobody at=acme:north exact all with=
         image acme north img-a ubuntu has=1,2",
        "acme north img-a [nobody]: -1 -2",
    );
}

#[test]
fn exact_does_not_reach_images_regions_or_clouds_that_its_rule_does_not_name() {
    check(
        "cloud acme acme north,south
         cloud other acme north
         rule strict at=acme:north exact name=ubuntu with=1
         rule mild at=acme:north,south at=other:north all with=1
         image acme north img-a ubuntu has=1
         image acme north img-b debian has=1,9
         image acme south img-c ubuntu has=1,9
         image other north img-d ubuntu has=1,9",
        "foreign acme north img-b 9
         foreign acme south img-c 9
         foreign other north img-d 9
         right 4",
    );
}
