"""Promises about requests and responses: chapters 1 to 5."""

from .promise import ENDS, EVERYONE, IN, LONG, PROOF, H, N, Promise, R, W

REQUESTS = [
    Promise(
        "1.2.1",
        "Text that people enter is shown as text everywhere: hostile input in every text field "
        "of every form changes no page and no email.",
        (
            f"{W}no_field_of_any_form_treats_text_as_markup",
            f"{W}harmful_markup_on_a_page_is_found",
            "mail/test_writing.py::test_names_are_escaped_in_html_and_plain_in_text",
            "browser/pages/test_each_route.py::test_no_problems_on_pages_not_yet_checked_for_another_role",
        ),
    ),
    Promise(
        "1.2.2",
        "Links lead to the web or to email only, however `javascript:` is spelled.",
        (
            f"{W}markdown_links_lead_to_the_web_or_email_only",
            f"{W}link_fields_accept_web_urls_only",
        ),
    ),
    Promise(
        "1.2.3",
        "No page has inline scripts, styles or event handlers, and the browser reports no "
        "violation of the content security policy.",
        (
            "core/test_layout.py::test_no_template_contains_what_the_csp_forbids",
            "browser/pages/test_each_route.py::test_no_problems_on_pages_not_yet_checked_for_another_role",
        ),
    ),
    Promise(
        "1.2.4",
        "SQL statements are parameterized: search boxes treat quotes and comments as text.",
        (
            f"{W}search_boxes_treat_sql_quotes_and_comments_as_text",
            "test_every_form.py::test_no_url_causes_a_server_error",
        ),
    ),
    Promise(
        "1.2.10",
        "Exported tables contain no formulas. Text can't end a field, a line or a file in an "
        "export, a feed or an email.",
        (
            f"{ENDS}no_csv_cell_starts_a_formula_with_any_separator",
            f"{ENDS}downloaded_files_treat_user_text_as_text",
        ),
    ),
    Promise(
        "1.3.1",
        "Markdown becomes HTML without active content.",
        (
            f"{W}markdown_contains_no_active_content",
            "voting/test_pages.py::test_the_description_is_safe_html",
        ),
    ),
    Promise(
        "1.3.6",
        "The server fetches news feeds from public hosts only: every spelling of a host, its "
        "address at that moment, each redirect and the feed that a web page names are checked. "
        "Slow, huge and malicious answers end within limits.",
        (
            f"{N}ssrf_guard.py::test_no_spelling_of_a_host_reaches_private_addresses",
            f"{N}ssrf_guard.py::test_addresses_that_are_not_public_are_refused",
            f"{N}ssrf_guard.py::test_a_name_is_resolved_once_so_dns_rebinding_fails",
            f"{N}ssrf_guard.py::test_redirects_are_checked_like_the_first_url",
            f"{N}sources.py::test_a_web_page_cannot_name_a_feed_the_site_would_not_visit",
            f"{N}fetching.py::test_every_misbehaving_host_fails_in_time_with_a_reason",
            f"{N}fetching.py::test_a_decompression_bomb_is_not_decompressed",
            f"{N}feeds.py::test_entity_expansion_attacks_are_refused",
            f"{N}feeds.py::test_default_attributes_in_a_dtd_are_refused",
            f"{N}sanitizer.py::test_nothing_harmful_of_the_xss_corpus_is_left",
        ),
    ),
    Promise(
        "1.3.11",
        "Names and titles can't add headers to an email. Emails to addresses that nobody has "
        "confirmed contain no words that people typed.",
        (
            "mail/test_writing.py::test_line_breaks_cannot_inject_headers",
            *(
                f"security/test_strangers.py::test_no_form_of_{whom}_sends_what_was_typed_"
                "to_an_unconfirmed_address"
                for whom in ("visitors", "members")
            ),
            "security/test_strangers.py::"
            "test_emails_to_strangers_are_written_from_nothing_that_people_typed",
            "core/test_names.py::test_names_with_addresses_are_refused_with_a_way_out",
        ),
    ),
    Promise(
        "1.5.2",
        "Jobs are serialized as JSON only.",
        (
            "core/test_queue.py::test_redis_queues_serialize_jobs_as_json",
            "core/test_queue.py::test_jobs_in_redis_are_json",
        ),
    ),
    Promise(
        "2.2.1",
        "Every form accepts or refuses whatever is sent; none fails.",
        (
            "test_every_form.py::test_every_field_accepts_or_refuses_hostile_values_without_errors",
            "test_every_form.py::test_every_form_accepts_or_refuses_random_values_without_errors",
        ),
    ),
    Promise(
        "2.2.3",
        "Fields that contradict each other are refused.",
        (
            "events/test_planning.py::test_inconsistent_times_or_audiences_are_refused_at_their_field",
            "events/test_bad_plans.py::test_impossible_plans_are_refused_and_create_no_event",
            "voting/test_votes.py::test_impossible_times_are_refused",
        ),
    ),
    Promise(
        "2.3.3",
        "An action happens completely or not at all: if the database refuses any of its writes,"
        " nothing remains.",
        (
            "security/test_all_or_nothing.py::test_a_failed_write_rolls_the_whole_action_back",
            "security/test_all_or_nothing.py::test_an_action_with_two_transactions_is_noticed",
        ),
    ),
    Promise(
        "2.3.4",
        "No seat is taken twice, no ticket lets people in twice, nobody votes twice, however "
        "many requests arrive at once. Without the locks, they would.",
        (
            "attendance/test_race.py::test_sixty_parallel_answers_fill_exactly_six_seats",
            "attendance/test_race.py::test_control_without_the_lock_one_seat_is_given_twice",
            "attendance/test_guest_race.py::test_one_of_guest_and_member_gets_the_last_seat",
            "attendance/test_guest_race.py::test_control_without_the_lock_the_last_seat_is_given_twice",
            f"{PROOF}test_races.py::test_twenty_parallel_casts_of_one_person_make_one_ballot",
            f"{PROOF}test_races.py::test_control_without_the_row_count_check_one_person_has_two_ballots",
            "attendance/test_check_in.py::test_parallel_scans_check_one_person_in_once",
            "attendance/test_check_in.py::test_control_without_the_lock_one_person_is_checked_in_twice",
            "voting/test_races.py::test_twenty_parallel_posts_of_one_member_are_one_ballot",
            "voting/test_races.py::test_control_without_the_lock_ballots_are_lost_or_refused",
            "invitations/test_races.py::test_a_link_for_one_admits_one_of_two_at_once",
            "invitations/test_races.py::test_control_without_the_lock_a_link_for_one_admits_two_or_one_fails",
        ),
    ),
    Promise(
        "3.3.1–4",
        "The only cookie is limited to this host, to https, and isn't readable by scripts.",
        (
            f"{IN}only_one_cookie_is_set",
            "browser/test_https.py::test_the_cookie_is_limited_to_this_host_and_hidden_from_scripts",
        ),
    ),
    Promise(
        "3.4.1–6",
        "Every response, errors too, has the content security policy and the other security "
        "headers. Nothing is open to other origins.",
        (
            EVERYONE,
            f"{H}error_pages_have_security_headers_and_reveal_nothing",
            f"{H}https_responses_send_hsts",
            f"{H}the_csp_allows_nothing_from_other_origins",
        ),
    ),
    Promise(
        "3.5.1",
        "No change is accepted without the form's CSRF token. The exceptions are listed: links in "
        "emails that unsubscribe or refuse invitations (RFC 8058). Over https a form is also "
        "refused if `Sec-Fetch-Site`, `Origin` or, without these, the Referer names another site.",
        (
            "test_walks.py::test_no_form_is_accepted_without_a_csrf_token",
            "test_walks.py::test_routes_without_csrf_protection_are_listed",
            "security/test_same_origin.py::test_a_form_from_elsewhere_is_refused_and_told_why",
            "security/test_same_origin.py::test_nothing_that_a_browser_says_replaces_the_token",
            "browser/test_https.py::test_a_form_from_another_site_is_refused",
        ),
    ),
    Promise(
        "3.5.3",
        "GET requests change no content.",
        (
            EVERYONE,
            "test_matrix.py::test_control_a_get_request_that_changes_something_is_noticed",
        ),
    ),
    Promise(
        "3.7.2",
        "After signing in, people are redirected to pages of this site only.",
        (
            f"{IN}next_redirects_to_our_own_pages_only",
            f"{IN}next_redirects_signed_in_people_to_our_own_pages_only",
        ),
    ),
    Promise(
        "4.1.3",
        "Only configured proxies are believed. One function determines a request's IP address. "
        "Requests for another host name are refused.",
        (
            "test_conventions.py::test_one_module_determines_a_requests_ip_address",
            "core/test_client_address.py::test_addresses_of_one_household_count_as_one",
            "notifications/test_streams.py::test_an_ipv6_household_can_open_as_many_streams_as_one_address",
            f"{R}only_configured_proxies_determine_the_ip_address",
            f"{R}only_configured_proxies_determine_the_scheme",
            f"{R}an_unknown_host_name_is_refused",
            f"{R}health_and_metrics_can_be_requested_by_ip_address",
            "core/test_links.py::test_a_forged_host_changes_no_link",
        ),
    ),
    Promise(
        "5.2.1, 15.2.2",
        "The size of a request is limited. What it can make long (fields, parts, headers) is "
        "counted before it is parsed.",
        (
            f"{R}the_size_of_a_request_is_limited",
            f"{LONG}every_route_counts_the_fields_of_a_form_before_it_parses_them",
            f"{LONG}a_long_list_in_a_form_is_refused_before_it_is_parsed",
            f"{LONG}long_headers_are_refused_before_anything_reads_them",
        ),
    ),
]
