"""The pages of news: a group's and the site's are the same functions at two addresses."""

from . import group_news, group_sources, site_news, site_sources

BLUEPRINTS = [module.bp for module in (group_news, group_sources, site_news, site_sources)]
