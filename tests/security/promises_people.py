"""Promises about people, secrets and the site: chapters 6 to 16."""

from .promise import EVERYONE, FORGOT, IN, LARGEST, ONCE, PROOF, UP, C, H, Promise, R

CRAFTED = "ops/test_crafted_archives.py::"

PEOPLE = [
    Promise(
        "15.2.2",
        "Slow clients don't use up threads: nginx buffers requests, and `flask doctor` checks "
        "the proxy.",
        (
            "deploy/test_nginx.py::test_nginx_buffers_half_sent_requests",
            "ops/test_doctor.py::test_a_proxy_that_passes_on_half_a_request_is_reported",
        ),
    ),
    Promise(
        "1.3.4, 5.2.2, 5.2.6",
        "Uploaded pictures are decoded and encoded again, one at a time, in limited memory. "
        "Other formats, SVG, and pictures that are too large or slow to decode are refused.",
        (
            *(
                "core/test_pictures.py::test_invalid_pictures_are_refused_with_a_message",
                f"{LARGEST}of_each_format_stays_within_the_memory_limit",
                "core/test_picture_memory.py::"
                "test_an_avif_larger_than_its_header_claims_takes_no_more_memory",
                "core/test_picture_memory.py::"
                "test_a_heic_picture_that_takes_too_much_memory_is_refused",
            ),
            "core/test_pictures.py::test_location_and_other_metadata_are_removed",
            "core/test_pictures.py::test_data_appended_to_a_picture_is_removed",
        ),
    ),
    Promise(
        "5.3.2, 5.4.2",
        "The server chooses file names. No name or symbolic link leads out of its folder.",
        (
            "core/test_files.py::test_no_file_name_escapes_the_folder",
            "core/test_files.py::test_file_names_are_random_and_never_made_from_user_input",
            "core/test_files.py::test_files_behind_symbolic_links_are_neither_listed_nor_read",
        ),
    ),
    Promise(
        "6.2",
        "Passwords are long enough and not common. They are never truncated or sent back.",
        (
            "accounts/test_passwords.py::test_bad_passwords_are_refused_by_their_rule",
            "accounts/test_passwords.py::test_good_passwords_pass",
            "accounts/test_passwords.py::test_long_passwords_are_not_truncated",
            f"{IN}the_password_is_never_returned",
        ),
    ),
    Promise(
        "6.3.1",
        "Attempts are counted for each account and IP address, whatever headers say. Limits are"
        " taken before the work, so parallel requests get no more.",
        (
            f"{ONCE}twenty_parallel_requests_get_no_more_than_the_limit",
            f"{ONCE}every_limit_is_tested",
            f"{ONCE}control_all_requests_pass_if_checked_before_counting",
            f"{IN}five_attempts_a_minute_are_allowed_per_account",
            f"{IN}sixty_attempts_a_minute_are_allowed_per_ip_address",
            f"{IN}a_forged_forwarded_header_changes_nothing",
        ),
    ),
    Promise(
        "6.3.8",
        "Nobody learns whether an address has an account: the response and the work are the same.",
        (
            f"{IN}an_unknown_name_and_a_wrong_password_look_alike",
            f"{IN}an_unknown_name_is_hashed_too",
            f"{UP}a_known_address_gets_the_same_response_and_another_email",
            f"{UP}the_password_is_hashed_for_known_addresses_too",
            "accounts/test_verification.py::test_the_cookie_looks_the_same_for_known_addresses_and_bots",
            f"{FORGOT}the_response_is_the_same_for_every_address",
            "security/test_enumeration.py::test_a_form_responds_and_works_the_same_for_every_address",
            "invitations/test_inviting.py::test_the_list_reveals_no_accounts_opt_outs_blocks_or_bans",
        ),
    ),
    Promise(
        "6.5.1",
        "A link in an email works once, also when twenty requests use it at once.",
        (
            "accounts/test_verification.py::test_one_of_twenty_parallel_uses_succeeds",
            "accounts/test_verification.py::test_control_without_the_condition_all_twenty_uses_succeed",
            f"{FORGOT}the_link_works_once",
        ),
    ),
    Promise(
        "7.2.4, 7.4",
        "A sign-in is a row in the database: new each time, refused once it has ended, deleted "
        "with the account. Open pages notice.",
        (
            f"{IN}each_sign_in_has_its_own_secret_and_ends_the_previous_one",
            f"{IN}a_cookie_from_before_the_sign_out_is_refused",
            f"{IN}a_deactivated_person_is_signed_out_at_the_next_request",
            f"{FORGOT}changing_the_password_ends_other_sign_ins_and_emails_the_owner",
            "notifications/test_streams.py::test_the_stream_ends_with_the_sign_in",
            "notifications/test_streams.py::test_someone_removed_or_banned_receives_no_signals_of_the_group_or_its_event",
            "notifications/test_streams.py::test_someone_whose_account_was_closed_receives_no_more_signals",
        ),
    ),
    Promise(
        "7.5.1",
        "Sensitive actions ask for the password again.",
        (
            "accounts/test_reauthentication.py::test_exactly_the_listed_routes_ask_for_the_password",
            "accounts/test_reauthentication.py::test_every_account_route_is_classified",
            "accounts/test_reauthentication.py::test_each_sensitive_route_asks_for_the_password_before_acting",
            "accounts/test_sign_ins.py::test_sensitive_views_ask_for_the_password_after_15_minutes",
            f"{FORGOT}changing_the_password_asks_for_the_current_one",
        ),
    ),
    Promise(
        "7.6.2",
        "Confirming an address signs in only the browser that signed up, with the account's "
        "password of now.",
        (
            "accounts/test_verification.py::test_the_button_signs_in_the_browser_that_signed_up",
            "accounts/test_verification.py::test_an_earlier_browser_is_not_signed_in_after_another_signs_up",
            "accounts/test_verification.py::test_someone_already_signed_in_stays_signed_in",
            "accounts/test_verification.py::test_people_awaiting_approval_are_not_signed_in",
        ),
    ),
    Promise(
        "8.4.2",
        "Admins see nothing that only members see. The last admin stays, also when two remove "
        "each other at once.",
        (
            "admin/test_lists.py::test_admin_pages_never_show_members_only_content",
            "admin/test_admins.py::test_the_last_admin_cannot_be_demoted",
            "admin/test_admins.py::test_two_admins_demoting_each_other_at_once_leave_one",
            "admin/test_admins.py::test_control_without_the_lock_no_admin_is_left",
        ),
    ),
    Promise(
        "8.1.1, 8.2.1",
        "One table says who can use which route. A route that isn't in it fails the tests.",
        (
            "test_matrix.py::test_every_route_is_in_the_matrix_once",
            EVERYONE,
            "test_documents.py::test_the_list_of_routes_is_up_to_date",
        ),
    ),
    Promise(
        "8.2.2, 8.4.1",
        "Objects of another group or another person can't be reached by their ids.",
        (
            f"{R}ids_of_other_groups_and_people_get_404",
            f"{R}unknown_ids_and_slugs_get_404",
        ),
    ),
    Promise(
        "8.3.2",
        "When a group or an event closes, or someone leaves or is banned, open pages, "
        "forms, invitations and emails on their way give nothing away.",
        (
            f"{C}host_invitations_by_members_end_when_the_group_becomes_secret",
            f"{C}pending_invitations_are_dropped_when_the_event_closes",
            f"{C}announcements_skip_people_who_left_a_closed_group",
            f"{C}banned_hosts_find_the_event_in_no_list",
            "security/test_lost_sight.py::test_a_refusal_reveals_nothing_to_people_who_lost_access_meanwhile",
            "security/test_after_a_refusal.py::test_after_a_refusal_the_door_is_opened_again",
        ),
    ),
    Promise(
        "2.3.3, 8.3.2",
        "People who change something are checked under a lock they keep until the end. Closing "
        "an account, leaving, bans and lost roles wait for it, so a closed account keeps no seat.",
        (
            "security/test_actor_lock.py::test_each_change_begins_by_locking_its_actor",
            "security/test_actor_lock.py::test_a_loss_waits_for_a_change_that_has_begun",
            "security/test_actor_lock.py::test_a_change_that_begins_later_sees_the_loss",
            "security/test_actor_lock.py::test_control_without_the_lock_a_closed_account_has_a_seat",
        ),
    ),
    Promise(
        "8.1.2, 8.3.1",
        "Every check uses the permissions that a group has chosen. “View as” shows exactly what"
        " a visitor or a member sees, and its forms can't be sent.",
        (
            "groups/test_permissions.py::test_permission_checks_use_the_groups_settings",
            "test_permission_tables.py::test_an_emptied_action_closes_its_doors",
            "groups/test_view_as.py::test_view_as_visitor_shows_exactly_what_a_visitor_gets",
            "groups/test_view_as.py::test_view_as_member_shows_exactly_what_a_member_gets",
            "groups/test_view_as.py::test_view_as_forms_cannot_be_sent_and_leave_no_trace",
            "groups/test_view_as.py::test_tokens_in_view_as_pages_are_not_valid",
        ),
    ),
    Promise(
        "8.2.3, 15.3.3",
        "Fields that a form doesn't have change nothing; neither do fields sent twice.",
        (
            f"{R}extra_fields_change_nothing",
            "test_every_form.py::test_every_field_accepts_or_refuses_hostile_values_without_errors",
        ),
    ),
    Promise(
        "9.2",
        "A token works for one purpose, one row, one person and one key. A session cookie that "
        "was changed is refused.",
        (
            f"{R}a_token_is_valid_for_one_purpose_row_nonce_and_key",
            f"{R}an_emailed_link_works_for_one_page_and_one_person",
            "attendance/test_guest_pages.py::test_invalid_guest_links_give_404",
            f"{R}a_session_cookie_altered_or_of_another_key_is_refused",
            "attendance/test_check_in.py::test_a_ticket_code_is_short_signed_and_tolerates_typing_variants",
            f"{FORGOT}the_link_works_for_an_hour",
        ),
    ),
    Promise(
        "11.4.2",
        "Passwords are hashed with argon2id.",
        ("accounts/test_passwords.py::test_the_argon2_parameters_are_as_documented",),
    ),
    Promise(
        "11.5.1",
        "The key to a secret ballot has 130 random bits. A mistyped key finds no other ballot.",
        (
            f"{PROOF}test_keys.py::test_generated_keys_are_valid_and_unique",
            f"{PROOF}test_keys.py::test_one_in_a_thousand_wrong_characters_goes_undetected",
        ),
    ),
    Promise(
        "14.2.4",
        "Once mixed, no column, order, length or deleted row links a secret ballot to its "
        "voter. (Archived WAL does: [operating.md](operating.md#protect-secret-votes).)",
        (
            f"{PROOF}test_evidence.py::test_after_a_mix_no_column_and_no_order_leads_to_a_voter",
            f"{PROOF}test_evidence.py::test_control_before_a_mix_each_ballot_leads_to_its_voter",
            f"{PROOF}test_evidence.py::test_changing_a_ballot_leaves_the_voter_list_untouched",
            f"{PROOF}test_pages.py::test_changing_a_ballot_updates_last_seen_neither_before_nor_after",
            f"{PROOF}test_mixing.py::test_the_second_of_two_parallel_jobs_announces_no_single_ballot",
            f"{PROOF}test_evidence.py::test_voting_on_the_page_writes_only_a_mark_and_a_ballot",
            f"{PROOF}test_files.py::test_no_file_holds_a_row_from_before_the_mix",
            f"{PROOF}test_evidence.py::test_after_a_mix_each_ballot_is_in_the_database_files_once",
            f"{PROOF}test_lengths.py::test_response_lengths_do_not_reveal_the_choice",
            f"{PROOF}test_lengths.py::test_response_lengths_of_a_ballot_check_do_not_reveal_the_choice",
        ),
    ),
    Promise(
        "2.3.3, 11.4",
        "Anyone can count a secret vote again. Each kind of tampering fails the check that is "
        "there for it, and passes without that check.",
        (
            f"{PROOF}test_verify.py::test_each_tampering_is_reported_by_its_checks",
            f"{PROOF}test_verify.py::test_without_these_checks_the_tampering_passes",
            f"{PROOF}test_whole.py::test_rows_tampered_with_before_closing_are_detected",
            f"{PROOF}test_hostile.py::test_every_manifest_value_of_a_wrong_type_is_explained",
            f"{PROOF}test_described.py::test_a_verifier_written_from_the_page_alone_agrees",
        ),
    ),
    Promise(
        "13.2.3, 13.4.2",
        "A production site doesn't start with unsafe settings, and its debugger is off.",
        (
            "test_config.py::test_production_refuses_unsafe_settings_by_name",
            "mail/test_mailbox.py::test_production_and_sites_with_a_mail_server_have_no_mailbox",
        ),
    ),
    Promise(
        "14.2",
        "Expired data is deleted, by one public table. A backup is readable by its owner only.",
        (
            "ops/test_retention.py::test_a_rule_deletes_expired_rows_and_no_earlier",
            "ops/test_retention.py::test_every_table_with_personal_data_has_a_rule_or_a_reason",
            "ops/test_backup.py::test_an_archive_is_private_to_its_owner_and_never_overwrites_a_file",
        ),
    ),
    Promise(
        "5.2.3",
        "A restore reads an archive within limits, whatever its sizes, names and values: it "
        "refuses it with a sentence and changes nothing. Killed, it leaves the site as before or "
        "whole.",
        (
            f"{CRAFTED}test_an_altered_backup_changes_nothing",
            f"{CRAFTED}test_no_line_and_no_file_takes_more_memory_than_stated",
            f"{CRAFTED}test_no_value_of_another_type_is_inserted",
            f"{CRAFTED}test_a_damaged_byte_anywhere_is_explained_or_harmless",
            "ops/test_killed_restore.py::test_after_a_kill_at_any_step_the_next_restore_works",
        ),
    ),
    Promise(
        "14.3.2",
        "Private responses are cached by nobody, and nothing of them is in nginx's folder. Public "
        "ones are revalidated.",
        (
            EVERYONE,
            f"{H}hashed_static_files_are_cached_forever",
            "core/test_kept_by_nginx.py::test_nginx_stores_nothing_that_nobody_may_store",
        ),
    ),
    Promise(
        "16.2.5",
        "Secrets that people enter appear in no log, outbox, audit log or queue, and neither "
        "`flask doctor` nor the queue page shows any.",
        (
            "accounts/test_secrets.py::test_passwords_and_link_tokens_are_never_logged_or_stored",
            "accounts/test_secrets.py::test_the_url_of_an_emailed_link_is_not_logged",
            "deploy/test_nginx.py::test_no_log_contains_a_url_that_grants_access",
            "deploy/test_files.py::test_nginx_logs_no_url_with_a_token",
            "events/test_calendar_feeds.py::test_calendar_tokens_are_neither_logged_stored_nor_sent_to_other_sites",
            "core/test_audit.py::test_audit_log_records_refused_requests_without_the_subjects_title",
            "ops/test_doctor.py::test_the_doctor_prints_no_secret_and_changes_nothing",
            "core/test_queue_status.py::test_the_redis_queue_reports_waiting_and_failed_jobs_without_arguments",
            "core/test_queue_status.py::test_tracebacks_of_older_workers_are_cut_to_the_error_class",
            "ops/test_queue_page.py::test_the_page_shows_waiting_failed_and_due_jobs_without_personal_data",
            f"{PROOF}test_canaries.py::test_choices_and_keys_leak_nowhere",
        ),
    ),
    Promise(
        "16.3.1",
        "Sign-ins, failed sign-ins and actions that concern others are in the audit log.",
        (
            f"{IN}audit_log_records_success_and_failure_without_user_input",
            "accounts/test_sign_ins.py::test_audit_log_records_ended_sign_ins",
        ),
    ),
    Promise(
        "16.5.2–3",
        "While the database is away nobody gets in, and the response says when to try again.",
        (
            f"{R}without_the_database_no_one_gets_access",
            f"{R}losing_the_database_during_a_request_gets_503",
        ),
    ),
]
