//! One rule and several rules, in mode `add`.

use crate::check;

#[test]
fn accounts_that_lack_the_image_are_added_and_the_others_are_left_alone() {
    check(
        "cloud acme acme north
         rule golden at=acme:north all with=1,2,3
         image acme north img-a ubuntu has=2",
        "acme north img-a [golden]: +1 +3",
    );
}

#[test]
fn an_image_that_all_wanted_accounts_have_is_right() {
    check(
        "cloud acme acme north
         rule golden at=acme:north all with=1
         image acme north img-a ubuntu has=1
         image acme north img-b ubuntu has=1",
        "right 2",
    );
}

#[test]
fn mode_add_never_removes_and_reports_what_is_foreign() {
    check(
        "cloud acme acme north
         rule golden at=acme:north all with=1
         image acme north img-a ubuntu has=1,8,9",
        "foreign acme north img-a 8,9
         right 1",
    );
}

#[test]
fn two_rules_on_one_image_want_their_union() {
    check(
        "cloud acme acme north
         rule one at=acme:north all with=1,2
         rule two at=acme:north name=ubuntu with=2,3
         image acme north img-a ubuntu
         image acme north img-b debian",
        "acme north img-b [one]: +1 +2
         acme north img-a [one,two]: +1 +2 +3",
    );
}

#[test]
fn images_that_no_rule_selects_do_not_occur() {
    check(
        "cloud acme acme north,south
         rule golden at=acme:north name=ubuntu with=1
         image acme north img-a ubuntu has=1
         image acme north img-b debian has=9 grant=everybody
         image acme south img-c ubuntu has=9",
        "right 1",
    );
}

#[test]
fn accounts_carry_the_names_that_the_config_gives_them() {
    check(
        "cloud acme acme north
         account 1 data-team
         rule golden at=acme:north all with=1,2
         image acme north img-a ubuntu",
        "acme north img-a [golden]: +1(data-team) +2",
    );
}

#[test]
fn changes_come_by_cloud_region_image_name_and_id_whatever_the_order_of_the_survey() {
    check(
        "cloud zeta acme b,a
         cloud alpha acme north
         rule golden at=zeta:b,a at=alpha:north all with=1
         image zeta b img-1 x
         image zeta a img-4 y
         image zeta a img-3 x
         image zeta a img-2 x
         image alpha north img-5 x",
        "alpha north img-5 [golden]: +1
         zeta a img-2 [golden]: +1
         zeta a img-3 [golden]: +1
         zeta a img-4 [golden]: +1
         zeta b img-1 [golden]: +1",
    );
}

#[test]
fn an_image_that_a_shifted_page_listed_twice_counts_once() {
    check(
        "cloud acme acme north
         rule golden at=acme:north newest=2 with=1
         image acme north img-a ubuntu t=3
         image acme north img-a ubuntu t=3
         image acme north img-b ubuntu t=2
         image acme north img-c ubuntu t=1",
        "acme north img-a [golden]: +1
         acme north img-b [golden]: +1",
    );
}

#[test]
fn a_rule_that_selects_nothing_anywhere_is_named() {
    check(
        "cloud acme acme north,south
         rule misspelt at=acme:north,south name=ubunut with=1
         rule golden at=acme:north,south name=ubuntu with=1
         image acme north img-a ubuntu has=1
         region acme south",
        "empty misspelt
         right 1",
    );
}

#[test]
fn a_rule_is_not_called_empty_while_one_of_its_regions_is_unread() {
    check(
        "cloud acme acme north,south
         rule golden at=acme:north,south name=ubuntu with=1
         region acme north
         region acme south failed=no-answer",
        "unreadable acme south - [golden]: no-answer",
    );
}

#[test]
fn grants_of_other_kinds_are_reported_in_every_mode() {
    check(
        "cloud acme acme north
         rule mild at=acme:north name=a with=1
         rule strict at=acme:north name=b exact with=1
         image acme north img-a a has=1 grant=everybody
         image acme north img-b b has=1 grant=group-7",
        "foreign acme north img-a - everybody
         foreign acme north img-b - group-7
         right 2",
    );
}
